#!/bin/sh
# Pictures to look at, side by side:
#   sh tests/image/pairs.sh [PROGRAM] [FOLDER] [LEG-FLESH]
# legs.png: skin of a healthy, a varicose and a swollen leg from the inner side; section.png: the calf cut at 65 % of the shank,
# at rest and contracted, with its veins. Needs the program, leg-flesh and the built leg.
set -e
program=${1:-build/test/bin/second-heart}
folder=${2:-second-heart-out/pairs}
mkdir -p "$folder"

"$program" render --script "$(dirname "$0")/legs.json" --frames 3 --fps 1 --strip 3 --size 420x760 --quality high -o "$folder/legs.png"

# The calf with everything in it: red muscles, blue veins.
tool=${3:-build/test/bin/leg-flesh}
"$tool" build/test/share/second-heart/assets/anatomy assets --section "$folder/section.png"
