#include "gpu/Reflection.h"

#include "core/Error.h"

#include <algorithm>
#include <string>
#include <unordered_map>

namespace pump::gpu {

using core::Error;
using core::ErrorKind;

namespace {

// The few numbers of the SPIR-V 1.6 specification (chapter 3, "Binary Form") that matter here.
constexpr std::uint32_t kMagic = 0x07230203;
enum Op : std::uint32_t {
    OpName = 5,
    OpEntryPoint = 15,
    OpExecutionMode = 16,
    OpTypeBool = 20,
    OpTypeInt = 21,
    OpTypeFloat = 22,
    OpTypeVector = 23,
    OpTypeMatrix = 24,
    OpTypeImage = 25,
    OpTypeSampler = 26,
    OpTypeSampledImage = 27,
    OpTypeArray = 28,
    OpTypeRuntimeArray = 29,
    OpTypeStruct = 30,
    OpTypePointer = 32,
    OpConstant = 43,
    OpConstantComposite = 44,
    OpSpecConstantTrue = 48,
    OpSpecConstantFalse = 49,
    OpSpecConstant = 50,
    OpSpecConstantComposite = 51,
    OpVariable = 59,
    OpDecorate = 71,
    OpMemberDecorate = 72,
    OpExecutionModeId = 331,
};
enum Decoration : std::uint32_t {
    DecorationSpecId = 1,
    DecorationBufferBlock = 3,
    DecorationArrayStride = 6,
    DecorationMatrixStride = 7,
    DecorationBuiltIn = 11,
    DecorationBinding = 33,
    DecorationDescriptorSet = 34,
    DecorationOffset = 35,
};
enum StorageClass : std::uint32_t {
    StorageUniformConstant = 0,
    StorageUniform = 2,
    StoragePushConstant = 9,
    StorageStorageBuffer = 12,
};
constexpr std::uint32_t kModeLocalSize = 17;
constexpr std::uint32_t kModeLocalSizeId = 38;
constexpr std::uint32_t kBuiltInWorkgroupSize = 25;
constexpr std::uint32_t kDimBuffer = 5;
constexpr std::uint32_t kDimSubpass = 6;

struct Member {
    std::uint32_t offset = 0;
    std::uint32_t matrixStride = 0;
};

/// All that is known of one SPIR-V id.
struct Id {
    std::uint32_t op = 0;
    std::vector<std::uint32_t> operands; ///< after the result id (and type id)
    std::uint32_t type = 0;              ///< of a constant or variable
    std::string name;
    std::uint32_t set = 0;
    std::uint32_t binding = 0;
    std::uint32_t arrayStride = 0;
    std::uint32_t specId = 0;
    bool hasBinding = false;
    bool hasSpecId = false;
    bool bufferBlock = false;
    bool workgroupSize = false;
    std::vector<Member> members;
};

struct Parser {
    std::string_view name;
    std::unordered_map<std::uint32_t, Id> ids;
    std::vector<std::uint32_t> variables;
    std::vector<std::uint32_t> specConstants;
    std::uint32_t executionModel = ~0u;
    std::uint32_t entryPoint = 0;
    std::array<std::uint32_t, 3> localSize{0, 0, 0};
    std::array<std::uint32_t, 3> localSizeIds{0, 0, 0};

    [[noreturn]] void fail(std::string_view message) const {
        throw Error(ErrorKind::Asset, "shader '{}': {}; compile it again with glslc --target-env=vulkan1.3",
                    name, message);
    }

    const Id& at(std::uint32_t id) const {
        const auto found = ids.find(id);
        if (found == ids.end()) fail(fmt::format("refers to id {}, which is not defined", id));
        return found->second;
    }

    std::uint32_t operand(const Id& id, std::size_t index) const {
        if (index >= id.operands.size()) fail("an instruction is cut short");
        return id.operands[index];
    }

    void parse(std::span<const std::uint32_t> words);
    void instruction(std::uint32_t op, std::span<const std::uint32_t> args);
    void decorate(std::span<const std::uint32_t> args);
    void decorateMember(std::span<const std::uint32_t> args);
    std::uint32_t constant(std::uint32_t id) const { return operand(at(id), 0); }
    std::uint32_t typeBytes(std::uint32_t type, std::uint32_t matrixStride, int depth) const;
    std::uint32_t structBytes(const Id& type, int depth) const;
    VkDescriptorType descriptorType(const Id& type, std::uint32_t storage) const;
    void addVariable(const Id& variable, ShaderInterface& result) const;
    VkShaderStageFlagBits stage() const;
    std::array<std::uint32_t, 3> workgroup() const;
};

std::string literal(std::span<const std::uint32_t> words) {
    std::string text;
    for (const std::uint32_t word : words) {
        for (int shift = 0; shift < 32; shift += 8) {
            const char c = static_cast<char>((word >> shift) & 0xffu);
            if (c == '\0') return text;
            text += c;
        }
    }
    return text;
}

void Parser::parse(std::span<const std::uint32_t> words) {
    if (words.size() < 5 || words[0] != kMagic) fail("is not SPIR-V");
    for (std::size_t i = 5; i < words.size();) {
        const std::uint32_t count = words[i] >> 16;
        if (count == 0 || count > words.size() - i) fail(fmt::format("is cut short at word {}", i));
        instruction(words[i] & 0xffffu, words.subspan(i + 1, count - 1));
        i += count;
    }
    if (executionModel == ~0u) fail("has no entry point 'main'");
}

void Parser::instruction(std::uint32_t op, std::span<const std::uint32_t> args) {
    const auto need = [&](std::size_t count) {
        if (args.size() < count) fail("an instruction is cut short");
    };
    switch (op) {
    case OpName:
        need(2);
        ids[args[0]].name = literal(args.subspan(1));
        break;
    case OpEntryPoint:
        need(3);
        if (literal(args.subspan(2)) == "main") {
            executionModel = args[0];
            entryPoint = args[1];
        }
        break;
    case OpExecutionMode:
    case OpExecutionModeId:
        need(2);
        if (args[1] == kModeLocalSize || args[1] == kModeLocalSizeId) {
            need(5);
            auto& target = args[1] == kModeLocalSize ? localSize : localSizeIds;
            std::copy_n(args.begin() + 2, 3, target.begin());
        }
        break;
    case OpTypeBool:
    case OpTypeInt:
    case OpTypeFloat:
    case OpTypeVector:
    case OpTypeMatrix:
    case OpTypeImage:
    case OpTypeSampler:
    case OpTypeSampledImage:
    case OpTypeArray:
    case OpTypeRuntimeArray:
    case OpTypeStruct:
    case OpTypePointer: {
        need(1);
        Id& id = ids[args[0]];
        id.op = op;
        id.operands.assign(args.begin() + 1, args.end());
        break;
    }
    case OpConstant:
    case OpConstantComposite:
    case OpSpecConstantTrue:
    case OpSpecConstantFalse:
    case OpSpecConstant:
    case OpSpecConstantComposite:
    case OpVariable: {
        need(2);
        Id& id = ids[args[1]];
        id.op = op;
        id.type = args[0];
        id.operands.assign(args.begin() + 2, args.end());
        if (op == OpSpecConstantTrue || op == OpSpecConstantFalse) id.operands = {op == OpSpecConstantTrue};
        if (op == OpVariable) variables.push_back(args[1]);
        if (op >= OpSpecConstantTrue && op <= OpSpecConstant) specConstants.push_back(args[1]);
        break;
    }
    case OpDecorate:
        need(2);
        decorate(args);
        break;
    case OpMemberDecorate:
        need(3);
        decorateMember(args);
        break;
    default:
        break;
    }
}

void Parser::decorate(std::span<const std::uint32_t> args) {
    Id& id = ids[args[0]];
    const std::uint32_t value = args.size() > 2 ? args[2] : 0;
    switch (args[1]) {
    case DecorationSpecId:
        id.specId = value;
        id.hasSpecId = true;
        break;
    case DecorationBufferBlock:
        id.bufferBlock = true;
        break;
    case DecorationArrayStride:
        id.arrayStride = value;
        break;
    case DecorationBuiltIn:
        id.workgroupSize = value == kBuiltInWorkgroupSize;
        break;
    case DecorationBinding:
        id.binding = value;
        id.hasBinding = true;
        break;
    case DecorationDescriptorSet:
        id.set = value;
        break;
    default:
        break;
    }
}

void Parser::decorateMember(std::span<const std::uint32_t> args) {
    constexpr std::uint32_t kMostMembers = 4096;
    if (args[1] >= kMostMembers) fail("a struct has too many members");
    Id& id = ids[args[0]];
    if (id.members.size() <= args[1]) id.members.resize(args[1] + 1);
    const std::uint32_t value = args.size() > 3 ? args[3] : 0;
    if (args[2] == DecorationOffset) id.members[args[1]].offset = value;
    if (args[2] == DecorationMatrixStride) id.members[args[1]].matrixStride = value;
}

std::uint32_t Parser::typeBytes(std::uint32_t typeId, std::uint32_t matrixStride, int depth) const {
    constexpr int kDeepest = 16; // also ends a damaged type that contains itself
    if (depth > kDeepest) fail("has push constants nested too deeply");
    const Id& type = at(typeId);
    switch (type.op) {
    case OpTypeBool:
        return 4;
    case OpTypeInt:
    case OpTypeFloat:
        return operand(type, 0) / 8;
    case OpTypeVector:
        return typeBytes(operand(type, 0), 0, depth + 1) * operand(type, 1);
    case OpTypeMatrix:
        return matrixStride * operand(type, 1); // column-major
    case OpTypeArray:
        return type.arrayStride * constant(operand(type, 1));
    case OpTypeStruct:
        return structBytes(type, depth + 1);
    default:
        fail("has a push constant of a type that is not supported");
    }
}

std::uint32_t Parser::structBytes(const Id& type, int depth) const {
    std::uint32_t bytes = 0;
    for (std::size_t i = 0; i < type.operands.size(); ++i) {
        const Member member = i < type.members.size() ? type.members[i] : Member{};
        bytes = std::max(bytes, member.offset + typeBytes(type.operands[i], member.matrixStride, depth));
    }
    return bytes;
}

VkDescriptorType Parser::descriptorType(const Id& type, std::uint32_t storage) const {
    if (storage == StorageStorageBuffer) return VK_DESCRIPTOR_TYPE_STORAGE_BUFFER;
    if (storage == StorageUniform) {
        return type.bufferBlock ? VK_DESCRIPTOR_TYPE_STORAGE_BUFFER : VK_DESCRIPTOR_TYPE_UNIFORM_BUFFER;
    }
    switch (type.op) {
    case OpTypeSampledImage:
        return VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER;
    case OpTypeSampler:
        return VK_DESCRIPTOR_TYPE_SAMPLER;
    case OpTypeImage:
        if (operand(type, 1) == kDimSubpass) break;
        if (operand(type, 1) == kDimBuffer) {
            if (operand(type, 5) == 2) break;
            return VK_DESCRIPTOR_TYPE_UNIFORM_TEXEL_BUFFER;
        }
        return operand(type, 5) == 2 ? VK_DESCRIPTOR_TYPE_STORAGE_IMAGE : VK_DESCRIPTOR_TYPE_SAMPLED_IMAGE;
    default:
        break;
    }
    fail("declares a resource of a kind that is not supported");
}

void Parser::addVariable(const Id& variable, ShaderInterface& result) const {
    const std::uint32_t storage = operand(variable, 0);
    const std::uint32_t pointee = operand(at(variable.type), 1);
    const Id* type = &at(pointee);
    if (storage == StoragePushConstant) {
        result.pushConstantBytes = (structBytes(*type, 0) + 3u) & ~3u;
        result.pushConstantStages = result.stages;
        return;
    }
    const bool resource =
        storage == StorageUniformConstant || storage == StorageUniform || storage == StorageStorageBuffer;
    if (!resource || !variable.hasBinding) return;
    ShaderBinding binding;
    binding.set = variable.set;
    binding.binding = variable.binding;
    binding.stages = result.stages;
    if (type->op == OpTypeArray) {
        binding.count = constant(operand(*type, 1));
        type = &at(operand(*type, 0));
    } else if (type->op == OpTypeRuntimeArray) {
        fail("declares an array of resources without a size; descriptor indexing is not used");
    }
    binding.type = descriptorType(*type, storage);
    binding.name = variable.name.empty() ? type->name : variable.name;
    result.bindings.push_back(std::move(binding));
}

VkShaderStageFlagBits Parser::stage() const {
    switch (executionModel) {
    case 0:
        return VK_SHADER_STAGE_VERTEX_BIT;
    case 4:
        return VK_SHADER_STAGE_FRAGMENT_BIT;
    case 5:
        return VK_SHADER_STAGE_COMPUTE_BIT;
    default:
        fail("is of a stage other than vertex, fragment and compute");
    }
}

std::array<std::uint32_t, 3> Parser::workgroup() const {
    for (const auto& [number, id] : ids) {
        if (!id.workgroupSize || id.operands.size() != 3) continue; // overrides the execution mode
        return {constant(id.operands[0]), constant(id.operands[1]), constant(id.operands[2])};
    }
    if (localSizeIds[0] != 0) {
        return {constant(localSizeIds[0]), constant(localSizeIds[1]), constant(localSizeIds[2])};
    }
    return localSize;
}

bool before(const ShaderBinding& a, const ShaderBinding& b) {
    return a.set != b.set ? a.set < b.set : a.binding < b.binding;
}

} // namespace

const ShaderBinding* ShaderInterface::find(std::uint32_t binding) const {
    const auto found = std::find_if(bindings.begin(), bindings.end(),
                                    [&](const ShaderBinding& b) { return b.binding == binding; });
    return found == bindings.end() ? nullptr : &*found;
}

const ShaderBinding* ShaderInterface::find(std::string_view name) const {
    const auto found = std::find_if(bindings.begin(), bindings.end(),
                                    [&](const ShaderBinding& b) { return b.name == name; });
    return found == bindings.end() ? nullptr : &*found;
}

ShaderInterface reflect(std::string_view name, std::span<const std::uint32_t> spirv) {
    Parser parser;
    parser.name = name;
    parser.parse(spirv);
    ShaderInterface result;
    result.stages = parser.stage();
    for (const std::uint32_t id : parser.variables) parser.addVariable(parser.at(id), result);
    std::sort(result.bindings.begin(), result.bindings.end(), before);
    if (result.stages == VK_SHADER_STAGE_COMPUTE_BIT) {
        result.localSize = parser.workgroup();
        for (const std::uint32_t size : result.localSize) {
            if (size == 0) parser.fail("is a compute shader without a local size");
        }
    }
    for (const std::uint32_t id : parser.specConstants) {
        const Id& constant = parser.at(id);
        if (constant.hasSpecId) result.constants.push_back({constant.specId, parser.operand(constant, 0)});
    }
    return result;
}

ShaderInterface merge(std::string_view name, std::span<const ShaderInterface> stages) {
    ShaderInterface result;
    for (const auto& stage : stages) {
        result.stages |= stage.stages;
        result.pushConstantBytes = std::max(result.pushConstantBytes, stage.pushConstantBytes);
        result.pushConstantStages |= stage.pushConstantStages;
        if (stage.localSize[0] != 0) result.localSize = stage.localSize;
        result.constants.insert(result.constants.end(), stage.constants.begin(), stage.constants.end());
        for (const auto& binding : stage.bindings) {
            const auto same =
                std::find_if(result.bindings.begin(), result.bindings.end(), [&](const ShaderBinding& b) {
                    return b.set == binding.set && b.binding == binding.binding;
                });
            if (same == result.bindings.end()) {
                result.bindings.push_back(binding);
            } else if (same->type != binding.type || same->count != binding.count) {
                throw Error(
                    ErrorKind::Asset,
                    "pipeline '{}': its stages declare binding {} of set {} differently; give them one "
                    "declaration",
                    name, binding.binding, binding.set);
            } else {
                same->stages |= binding.stages;
                if (same->name.empty()) same->name = binding.name;
            }
        }
    }
    std::sort(result.bindings.begin(), result.bindings.end(), before);
    return result;
}

} // namespace pump::gpu
