#!/bin/sh
# Eight phases of a movement side by side, from behind and from the inner side, to look at:
#   sh tests/image/strips.sh [PROGRAM] [FOLDER]
# Draws the muscles under faint skin; more options go to the program through STRIP_OPTIONS.
set -e
program=${1:-build/test/bin/second-heart}
folder=${2:-second-heart-out/strips}
mkdir -p "$folder"
# strip MOVEMENT FRAMES: at 24 frames a second, one cycle after the first three.
strip() {
    for view in rear medial; do
        "$program" render --movement "$1" --view "$view" --time "$3" --frames "$2" --fps 24 --strip 8 --size 300x540 \
            --quality low --layers muscles=1,skin=0.12,bones=1 $STRIP_OPTIONS -o "$folder/$1-$view.png"
    done
}
strip heel-raise 24 3
strip walking 28 3.4615
strip band-press 120 5
# Hands that stroke the calf: the skin solid, so that the dent is seen, and the veins below.
for look in skin=1 skin=0.1,muscles=0.12,veins=0.6; do
    name=$(echo "$look" | cut -d, -f1 | tr '=.' '--')
    "$program" render --movement standing-still --massage strokes --view medial --time 7 --frames 120 --fps 24 --strip 8 \
        --size 300x540 --quality low --layers "$look" $STRIP_OPTIONS -o "$folder/massage-$name.png"
done
