# The rules of the architecture test, run by check.sh over all files of the tree: prints "file:line: what is wrong".

BEGIN {
    # Which modules of src a module may include. render sees anatomy's types because scene's public headers show them.
    may["core"] = ""
    may["physiology"] = "core"
    may["anatomy"] = "core"
    may["gpu"] = "core"
    may["scene"] = "core physiology anatomy"
    may["render"] = "core gpu scene anatomy"
    may["ui"] = "core physiology scene"
    may["builder"] = "core anatomy"
    may["flesh"] = "core physiology anatomy scene render builder"
    may["app"] = "core physiology anatomy gpu scene render ui"

    # Where a library may be used: header pattern, identifier pattern, modules.
    rule("Vulkan", "^(vulkan/|volk)", "(^|[^A-Za-z0-9_])(Vk[A-Z]|vk[A-Z]|VK_[A-Z])", "gpu render app")
    rule("GLFW", "^GLFW/", "(^|[^A-Za-z0-9_])(glfw[A-Z]|GLFW_?[A-Za-z])", "app")
    rule("Dear ImGui", "imgui", "(^|[^A-Za-z0-9_])ImGui::", "ui app")
    rule("Dear ImGui's Vulkan backend", "imgui_impl_", "ImGui_Impl(Vulkan|Glfw)_", "app")
    rule("Assimp", "^assimp/", "(^|[^A-Za-z0-9_])Assimp::", "anatomy")
    rule("CLI11", "^CLI/", "(^|[^A-Za-z0-9_])CLI::", "app builder flesh")
    rule("Eigen", "^Eigen/", "(^|[^A-Za-z0-9_])Eigen::", "")

    # Absolute paths of one machine and hosts of package registries; the brackets keep this file from matching itself.
    machinePath = "(^|[^A-Za-z0-9_.*}-])/([w]ork|[r]oot|[t]mp|[h]ome|[U]sers|var/[t]mp)(/|[\"' )`]|$)"
    registry = "(deb|snapshot|archive|security|ftp)\\.[d]ebian\\.org|registry\\.[n]pmjs|[p]ypi\\.org|crates\\.[i]o" \
               "|proxy\\.[g]olang|[r]epo\\.maven|[r]ubygems\\.org"
    maxLines = 600
}

function rule(name, header, identifier, modules) {
    ++ruleCount
    ruleName[ruleCount] = name
    ruleHeader[ruleCount] = header
    ruleIdentifier[ruleCount] = identifier
    ruleModules[ruleCount] = " " modules " "
}

function report(text) {
    printf "%s:%d: %s\n", FILENAME, FNR, text
    failed = 1
}

function finishFile() {
    if (fileName != "" && limited && lineCount > maxLines && !hasReason) {
        printf "%s:%d: %d lines; the limit is %d (split it, or say why in a line \"Over 600 lines: REASON\" at the top)\n",
            fileName, lineCount, lineCount, maxLines
        failed = 1
    }
}

# The line without comments and without the content of string literals. State: inComment.
function code(line,    out, i, two, character) {
    out = ""
    for (i = 1; i <= length(line); ++i) {
        two = substr(line, i, 2)
        character = substr(line, i, 1)
        if (inComment) {
            if (two == "*/") { inComment = 0; ++i }
        } else if (two == "/*") { inComment = 1; ++i }
        else if (two == "//") return out
        else if (character == "\"") {
            for (++i; i <= length(line) && substr(line, i, 1) != "\""; ++i) if (substr(line, i, 1) == "\\") ++i
            out = out "\"\""
        } else out = out character
    }
    return out
}

function checkInclude(header,    target, i) {
    if (header ~ /^\.\.?\//) { report("#include \"" header "\" climbs out of its folder; include it as module/File.h"); return }
    target = header
    sub(/\/.*/, "", target)
    if (header ~ /\// && target in may && target != module && index(" " may[module] " ", " " target " ") == 0)
        report("module " module " may not use " target " (#include \"" header "\"); it may use: " \
               (may[module] == "" ? "no other module" : may[module]))
    for (i = 1; i <= ruleCount; ++i)
        if (header ~ ruleHeader[i] && index(ruleModules[i], " " module " ") == 0)
            report(ruleName[i] " header <" header "> in " module where(i))
}

function where(i) {
    return ruleModules[i] ~ /^ *$/ ? "; it belongs in tests only" : "; it belongs in" ruleModules[i] "only"
}

FNR == 1 {
    finishFile()
    fileName = FILENAME
    inComment = 0
    hasReason = 0
    isSource = FILENAME ~ /^src\/.*\.(h|hpp|cpp|inl)$/
    limited = FILENAME ~ /^(src|shaders|tests)\//
    module = ""
    if (isSource) {
        split(FILENAME, part, "/")
        module = part[2]
        if (!(module in may)) report("src/" module " is no module of the design")
    }
}

{
    lineCount = FNR
    if (FNR <= 10 && /Over 600 lines: ./) hasReason = 1
    if (index($0, "/") && $0 ~ machinePath) report("machine path: " $0)
    if (index($0, ".") && $0 ~ registry) report("host of a package registry: " $0)
}

isSource && (module in may) {
    wasInComment = inComment
    text = (inComment || /["\/]/) ? code($0) : $0
    if (!wasInComment && $0 ~ /^[ \t]*#[ \t]*include[ \t]*["<]/) {
        header = $0
        sub(/^[ \t]*#[ \t]*include[ \t]*["<]/, "", header)
        sub(/[">].*/, "", header)
        checkInclude(header)
    } else {
        for (i = 1; i <= ruleCount; ++i)
            if (text ~ ruleIdentifier[i] && index(ruleModules[i], " " module " ") == 0)
                report(ruleName[i] " used in " module where(i))
    }
}

END {
    finishFile()
    exit failed
}
