#!/bin/sh
# Installs the system packages that Second Heart needs on Debian 12 or 13.
#
#   sh third_party/install.sh          what building, running and testing need
#   sh third_party/install.sh --dev    the same, and what the checks of .ci/run need (clang, clang-format, ccache)
#   sh third_party/install.sh --list   only print the package names
#
# Says nothing and changes nothing when everything is there. Run as root, or as a user with sudo.
# Exit code: 0 all there, 1 something could not be installed (the last lines say what and why), 2 usage.
set -eu

build_packages="g++ cmake ninja-build libvulkan-dev glslc libglfw3-dev libglm-dev libimgui-dev libstb-dev
    libfreetype-dev libassimp-dev nlohmann-json3-dev libcli11-dev libfmt-dev libmeshoptimizer-dev
    libx11-dev libxext-dev"
run_packages="mesa-vulkan-drivers fonts-inter"
test_packages="catch2 libeigen3-dev vulkan-validationlayers xvfb xauth xdotool"
dev_packages="clang clang-format ccache"

say() { printf '%s\n' "install.sh: $*" >&2; }
fail() { say "$@"; exit 1; }

packages="$build_packages $run_packages $test_packages"
list_only=no
for argument in "$@"; do
    case $argument in
    --dev) packages="$packages $dev_packages" ;;
    --list) list_only=yes ;;
    -h | --help) sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) say "unknown option '$argument' (known: --dev, --list, --help)"; exit 2 ;;
    esac
done
# shellcheck disable=SC2086 # package names are words
set -- $packages
if [ $list_only = yes ]; then
    printf '%s\n' "$@"
    exit 0
fi

# --- Which system is this? -------------------------------------------------------------------------------------------
system="$(. /etc/os-release 2>/dev/null && printf '%s %s' "${ID:-unknown}" "${VERSION_ID:-unknown}")" || system="unknown"
case $system in
"debian 12") codename=bookworm ;;
"debian 13") codename=trixie ;;
*)
    say "this system is '$system'; packages are installed only on Debian 12 and 13."
    say "Install the equivalents of these Debian packages with this system's own tools (cmake >= 3.25, catch2 >= 3,"
    say "a compiler with C++20, a Vulkan 1.3 driver), then run the cmake command alone:"
    printf '    %s\n' "$@" >&2
    exit 1
    ;;
esac

# --- What is missing? ------------------------------------------------------------------------------------------------
# Prints the packages of "$@" that are not installed; a Catch2 older than 3 counts as missing.
missing_packages() {
    dpkg-query -W -f='${Package}|${Version}|${db:Status-Status}|${Architecture}\n' "$@" 2>/dev/null |
        awk -F'|' -v wanted="$*" -v native="$(dpkg --print-architecture)" '
            $3 != "installed" || ($4 != native && $4 != "all") { next }
            $1 == "catch2" && int($2) < 3 { next }
            { installed[$1] = 1 }
            END { n = split(wanted, name, " "); for (i = 1; i <= n; ++i) if (!(name[i] in installed)) print name[i] }'
}
missing=$(missing_packages "$@")
[ -n "$missing" ] || exit 0
one_line() { printf '%s' "$*" | tr -s ' \n' '  '; }

# --- Who may install? ------------------------------------------------------------------------------------------------
if [ "$(id -u)" -eq 0 ]; then
    as_root="env"
elif command -v sudo >/dev/null 2>&1; then
    as_root="sudo env"
    say "missing: $(one_line "$missing"); sudo may ask for the password"
    sudo true || fail "sudo refused user '$(id -un)'. Run as root: sh third_party/install.sh"
else
    fail "missing: $(one_line "$missing"). Installing needs root, this is user '$(id -un)' and there is no sudo." \
        "Run as root: sh third_party/install.sh"
fi
apt_get() {
    $as_root DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@"
}
# For "why did apt refuse": the usual reasons, said once.
explain_and_exit() {
    held=$(apt-mark showhold 2>/dev/null) || held=""
    [ -z "$held" ] || say "these packages are held and may stand in the way (apt-mark unhold NAME): $(one_line "$held")"
    fail "$1 The lines of apt-get above say why; the usual reasons are no network, a package source that does not" \
        "answer, or held packages. Put it right and run this script again: it continues where it stopped."
}

say "installing $(one_line "$missing")"
apt_get update || say "apt-get update reported errors; trying with what it has"

# --- Catch2 3 on Debian 12: only the backports suite has it ----------------------------------------------------------
backports=$codename-backports
# apt itself reads all its sources, in both formats: codename|release|origin|label|component|URI|file:entry
source_lines() {
    apt-get indextargets 'Created-By: Packages' "Architecture: $(dpkg --print-architecture)" \
        --format '$(CODENAME)|$(RELEASE)|$(ORIGIN)|$(LABEL)|$(COMPONENT)|$(REPO_URI)|$(SOURCESENTRY)'
}
has_backports() {
    source_lines | awk -F'|' -v suite="$backports" '
        $5 == "main" && ($1 == suite || $2 == suite) { found = 1 } END { exit !found }'
}
# print_backports_source URI RELEASE FILE: the same source entry as RELEASE at URI in FILE, for the backports suite.
# Everything else of the entry (Signed-By, also an inline key, Check-Valid-Until, Trusted ...) stays as it is.
print_backports_source() {
    echo "# Backports of Debian's $codename, for Catch2 3. Added by Second Heart's third_party/install.sh."
    case $3 in
    *.sources)
        awk -v uri="$1" -v release="$2" -v suite="$backports" '
            function has(list, word, i, n, part) {
                n = split(list, part, /[ \t\n]+/)
                for (i = 1; i <= n; ++i) if (part[i] == word || part[i] "/" == word) return 1
                return 0
            }
            function finish() {
                if (!done && has(value["types"], "deb") && has(value["suites"], release) && has(value["uris"], uri) &&
                    tolower(value["enabled"]) !~ /no|false|off|0/) {
                    printf "Types: deb\nURIs: %s\nSuites: %s\nComponents: main\n%s", uri, suite, kept
                    done = 1
                }
                split("", value); kept = ""; name = ""
            }
            /^#/ { next }
            /^[ \t]*$/ { finish(); next }
            /^[^ \t]/ { name = tolower(substr($0, 1, index($0, ":") - 1)); value[name] = substr($0, index($0, ":") + 1) }
            /^[ \t]/ { value[name] = value[name] "\n" $0 }
            name !~ /^(types|uris|suites|components|enabled|description|x-.*)$/ { kept = kept $0 "\n" }
            END { finish() }' "$3"
        ;;
    *)
        awk -v uri="$1" -v release="$2" -v suite="$backports" '
            !/^[ \t]*deb[ \t]/ { next }
            {
                line = $0; options = ""
                sub(/#.*/, "", line); sub(/^[ \t]*deb[ \t]+/, "", line)
                if (match(line, /^\[[^]]*\][ \t]*/)) {
                    options = substr(line, 1, RLENGTH); line = substr(line, RLENGTH + 1)
                    sub(/[ \t]*$/, " ", options)
                }
                split(line, word, /[ \t]+/)
                if ((word[1] == uri || word[1] "/" == uri) && word[2] == release) {
                    printf "deb %s%s %s main\n", options, uri, suite
                    exit
                }
            }' "$3"
        ;;
    esac
}
# Adds the backports suite of the mirror that the machine already uses for Debian itself.
add_backports() {
    mirrors=$(source_lines | awk -F'|' -v codename="$codename" '
        $1 == codename && $3 == "Debian" && $4 == "Debian" && $5 == "main" && $6 !~ /^cdrom:/ && !seen[$6]++ {
            sub(/:[0-9]+$/, "", $7); print $6 "|" $2 "|" $7
        }')
    [ -n "$mirrors" ] || fail "Catch2 3 is in Debian's suite $backports, but no package source of this machine that" \
        "answers offers the suite '$codename' (component main) whose backports it could take. Check the network and" \
        "the sources in /etc/apt, then run again."
    for mirror in $mirrors; do
        uri=${mirror%%|*} rest=${mirror#*|}
        release=${rest%%|*} file=${rest#*|}
        case $file in *.sources) target=second-heart-backports.sources ;; *) target=second-heart-backports.list ;; esac
        target=/etc/apt/sources.list.d/$target
        say "adding the suite $backports of $uri in $target, for Catch2 3"
        print_backports_source "$uri" "$release" "$file" | $as_root tee "$target" >/dev/null ||
            fail "cannot write $target"
        # Only the new file is fetched; the lists of the other sources stay.
        if apt_get update --error-on=any -o Dir::Etc::SourceList="$target" -o Dir::Etc::SourceParts=- \
            -o APT::Get::List-Cleanup=0; then
            return 0
        fi
        say "$uri has no usable $backports; removing $target again"
        $as_root rm -f "$target"
    done
    fail "Catch2 3 is in the suite $backports, and no Debian source of this machine offers it. Add a mirror that does to" \
        "/etc/apt/sources.list.d and run again. Without tests the program builds too: cmake --workflow --preset run"
}

# --- Install ---------------------------------------------------------------------------------------------------------
from_main=""
for package in $missing; do
    if [ "$package" = catch2 ] && [ "$codename" = bookworm ]; then
        has_backports || add_backports
        apt_get install -y --no-install-recommends -t "$backports" catch2 ||
            explain_and_exit "catch2 (>= 3) could not be installed from $backports."
    else
        from_main="$from_main $package"
    fi
done
if [ -n "$from_main" ]; then
    # shellcheck disable=SC2086 # package names are words
    apt_get install -y --no-install-recommends $from_main || explain_and_exit "Could not install$from_main."
fi

missing=$(missing_packages "$@")
[ -z "$missing" ] || explain_and_exit "apt-get reported success, but these are still missing: $(one_line "$missing")."
say "done"
