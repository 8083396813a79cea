#!/bin/sh
# twice.sh BUILDER TABLES LEG WORK: builds the leg again, on one thread, and compares it with the built one byte by byte.
set -eu
builder=$1 tables=$2 leg=$3 work=$4
rm -rf "$work"
"$builder" "$tables" "$work" --threads 1
for file in leg.glb leg-middle.glb leg-low.glb leg.rig.json; do
  cmp "$leg/$file" "$work/$file"
done
rm -rf "$work"
