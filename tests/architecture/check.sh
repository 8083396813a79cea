#!/bin/sh
# The architecture test: reads the sources as text and fails, naming file and line, where they break the layering.
#
#   sh tests/architecture/check.sh              check this source tree, after a self-test
#   sh tests/architecture/check.sh DIRECTORY    check another tree
#
# Checked: include arrows between the modules of src; Vulkan, GLFW, Dear ImGui, Assimp, CLI11 and Eigen only where
# they belong; file length in src, shaders and tests (over 600 lines only with a line "Over 600 lines: REASON" among
# the first ten); no machine path, package registry host or mesh file among the tracked files; nothing at the top level
# but what the layout names.
# Exit code: 0 clean, 1 something found, 2 the check itself is broken.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
rules=$here/rules.awk

# Tracked and new files of the tree; without git (a source archive) every file outside build folders.
list_files() {
    if git -C "$1" rev-parse --is-inside-work-tree >/dev/null 2>&1; then
        git -C "$1" ls-files -co --exclude-standard
    else
        (cd "$1" && find . -type d \( -name .git -o -name build -o -name second-heart-out \) -prune -o -type f -print |
            sed 's#^\./##')
    fi | LC_ALL=C sort | while IFS= read -r file; do
        [ ! -f "$1/$file" ] || printf '%s\n' "$file"
    done
}

# check_tree DIRECTORY: prints one line a violation, exits 1 when there is one.
check_tree() {
    list=$(list_files "$1")
    [ -n "$list" ] || { echo "no files found in $1" >&2; return 2; }
    text=$(printf '%s\n' "$list" | grep -Ev '\.(png|otf|ttf|glb|bin|spv|gz|ico)$' || true)
    meshes=$(printf '%s\n' "$list" | grep -E '\.(glb|gltf|obj|stl|ply|fbx|dae|blend|vdb)$' | grep -v '^tests/' || true)
    for mesh in $meshes; do
        echo "$mesh:1: a mesh file is tracked: shapes come from the tables in assets/anatomy"
    done
    strays=$(printf '%s\n' "$list" |
        grep -Ev '^(src|shaders|assets|third_party|tests|\.ci)/|^(CMakeLists\.txt|CMakePresets\.json|README\.md|LICENSE[^/]*|\.[^/]*)$' || true)
    for stray in $strays; do
        echo "$stray:1: no place for this file at the top level: move it into a folder of the layout, or leave it untracked"
    done
    # shellcheck disable=SC2086 # file names are words: this project uses no spaces in them
    (cd "$1" && LC_ALL=C awk -f "$rules" $text) && [ -z "$meshes$strays" ]
}

# --- Self-test: every rule must be able to fail ----------------------------------------------------------------------
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT INT TERM

# expect TEXT FILE LINE...: a tree with only FILE made of the LINEs must be rejected with a message that holds TEXT;
# expect ok FILE LINE...: it must be accepted.
expect() {
    wanted=$1 file=$2
    shift 2
    rm -rf "$scratch/tree"
    mkdir -p "$scratch/tree/$(dirname "$file")"
    printf '%s\n' "$@" >"$scratch/tree/$file"
    if found=$(check_tree "$scratch/tree"); then verdict=ok; else verdict=rejected; fi
    if [ "$wanted" = ok ]; then
        [ $verdict = ok ] && return 0
    else
        [ $verdict = rejected ] && case $found in *"$file:"*"$wanted"*) return 0 ;; esac
    fi
    echo "self-test: $file with '$1': wanted '$wanted', got $verdict: $found" >&2
    exit 2
}
self_test() {
    expect ok "src/render/A.cpp" '#include "render/A.h"' '#include "gpu/B.h"' '#include "scene/C.h"'
    expect "may not use anatomy" "src/physiology/A.h" '#include "anatomy/LegModel.h"'
    expect "may not use physiology" "src/render/A.cpp" '#include "physiology/Snapshot.h"'
    expect "may not use physiology" "src/render/A.cpp" '  #  include <physiology/Snapshot.h>'
    expect "may not use app" "src/ui/A.cpp" '#include "app/Session.h"'
    expect "may not use gpu" "src/scene/A.h" '#include "gpu/Buffer.h"'
    expect "may not use render" "src/gpu/A.h" '#include "render/Renderer.h"'
    expect "may not use physiology" "src/builder/A.h" '#include "physiology/Network.h"'
    expect "may not use scene" "src/core/A.h" '#include "scene/PickResult.h"'
    expect "is no module" "src/misc/A.h" 'int a;'
    expect "climbs out" "src/core/A.h" '#include "../gpu/Buffer.h"'
    expect "Vulkan" "src/ui/A.cpp" '#include <vulkan/vulkan.h>'
    expect "Vulkan" "src/scene/A.cpp" 'VkImage image;'
    expect "Vulkan" "src/core/A.cpp" 'auto x = vkCreateDevice;'
    expect ok "src/scene/A.cpp" '// a VkImage in a comment' 'auto s = "VkImage in a string";' '/* VkImage' 'VkImage */'
    expect "Vulkan" "src/scene/A.cpp" '/* one */ VkImage image;'
    expect "GLFW" "src/gpu/A.cpp" '#include <GLFW/glfw3.h>'
    expect "GLFW" "src/ui/A.cpp" 'if (key == GLFW_KEY_SPACE) {}'
    expect "Dear ImGui" "src/render/A.cpp" '#include <imgui.h>'
    expect "Assimp" "src/app/A.cpp" '#include <assimp/scene.h>'
    expect "CLI11" "src/scene/A.cpp" '#include <CLI/CLI.hpp>'
    expect "Eigen" "src/physiology/A.cpp" '#include <Eigen/Sparse>'
    long=$(awk 'BEGIN { for (i = 0; i < 600; ++i) print "int line;" }')
    expect ok "shaders/a.comp" "$long"
    expect "lines" "shaders/a.comp" "$long" "int one_more;"
    expect "lines" "tests/unit/a.cpp" "$long" "int one_more;"
    expect ok "src/core/a.cpp" "// Over 600 lines: one table" "$long"
    # The forbidden words are put together here, so that this file does not hold them.
    expect "machine path" "README.md" "see /ro""ot/notes"
    expect "machine path" "src/core/a.cpp" 'auto p = "/t''mp/x.png";'
    expect ok "README.md" "assets/network/root/tmp/x and framework/work/"
    expect "package registry" "README.md" "from deb.deb""ian.org"
    expect "mesh file" "assets/leg.obj" "v 0 0 0"
    expect "no place" "notes.md" "to do"
    expect "no place" "docs/notes.md" "to do"
    expect ok ".clang-tidy" "Checks: -*"
}

# --- Run -------------------------------------------------------------------------------------------------------------
self_test
root=${1:-$here/../..}
if check_tree "$root"; then
    echo "architecture: clean"
else
    echo "architecture: the lines above break the layering (the rules and their reasons: tests/architecture/rules.awk)" >&2
    exit 1
fi
