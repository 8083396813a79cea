#!/bin/sh
# Pictures to look at, side by side:
#   sh tests/image/pairs.sh [PROGRAM] [FOLDER] [LEG-FLESH]
# leg-healthy.png, leg-swollen.png, leg-varicose.png: the skin from the inner side; section.png: the calf cut at 65 % of the shank, at rest and
# contracted, with its veins. Needs the program, leg-flesh and the built leg.
set -e
program=${1:-build/test/bin/second-heart}
folder=${2:-second-heart-out/pairs}
mkdir -p "$folder"

# leg NAME OPTIONS...: the whole leg from the inner side and behind, as a visitor sees skin.
leg() {
    name=$1
    shift
    "$program" render --movement standing-still --view medial --time 2 --size 420x760 --quality high \
        --layers skin=1 "$@" -o "$folder/leg-$name.png"
}
leg healthy
leg swollen --conditions heart-failure=1 --fast-forward 4h
leg varicose --conditions varicose-tributaries=1,gsv-reflux=1

# The calf with everything in it: red muscles, blue veins.
tool=${3:-build/test/bin/leg-flesh}
"$tool" build/test/share/second-heart/assets/anatomy assets --section "$folder/section.png"
