#include "render/passes/PickPass.h"

#include "render/PickChunks.h"

namespace pump::render {

namespace {

constexpr std::uint32_t kNothing = 0xffffffffu;
constexpr float kUnitsPerMm = 512; // as in pick.comp
/// Under a pointer that rests the leg may still move: ask again after so many frames, not in each.
constexpr std::uint32_t kRestingFrames = 4;
constexpr VkDeviceSize kAnswerBytes = 2 * sizeof(std::uint32_t);

} // namespace

PickPass::PickPass(const gpu::Device& device, const gpu::ShaderLibrary& shaders)
    : m_pipeline(shaders, {.name = "pick", .shader = "pick.comp"}),
      m_answer(device, {.name = "pick answer",
                        .size = kAnswerBytes,
                        .usage = VK_BUFFER_USAGE_STORAGE_BUFFER_BIT | VK_BUFFER_USAGE_TRANSFER_SRC_BIT |
                                 VK_BUFFER_USAGE_TRANSFER_DST_BIT}) {
    for (gpu::Buffer& buffer : m_readback)
        buffer = gpu::Buffer(device, {.name = "pick readback",
                                      .size = kAnswerBytes,
                                      .usage = VK_BUFFER_USAGE_TRANSFER_DST_BIT,
                                      .intent = gpu::MemoryIntent::Readback});
}

void PickPass::collect(std::uint32_t slot, const anatomy::LegModel& leg) {
    Question& question = m_questions[slot % kSlots];
    if (!question.open) return;
    question.open = false;
    const auto answer = m_readback[slot % kSlots].mappedAs<std::uint32_t>();
    const std::uint32_t word = answer[0] != kNothing ? answer[0] : answer[1];
    m_result = {};
    m_result.pointer = question.pointer;
    if (word == kNothing) return;
    const auto structure = static_cast<std::size_t>(word & 1023u);
    if (structure >= leg.structures.size()) return;
    m_result.structure = static_cast<int>(structure);
    m_result.distanceMm = static_cast<float>(word >> 10u) / kUnitsPerMm;
    m_result.position = question.origin + question.direction * m_result.distanceMm;
    const anatomy::Structure& part = leg.structures[structure];
    if (part.tissue == anatomy::Tissue::Valve && part.vertexCount > 0 && !leg.rig.valves.empty())
        m_result.valve = static_cast<int>(leg.vertices[part.firstVertex].tissue[0] + 0.5f);
}

void PickPass::record(const PassContext& context, std::uint32_t slot) {
    if (context.input.pointer.x < 0 || context.input.pointer.y < 0) {
        m_result = {};
        m_askedAt = glm::vec2(-1);
        return;
    }
    const std::uint32_t since = context.input.frame - m_askedFrame;
    if (context.input.pointer == m_askedAt && since > 0 && since < kRestingFrames) return;
    m_askedAt = context.input.pointer;
    m_askedFrame = context.input.frame;
    const std::vector<DrawRange> ranges =
        chunksOnRay(context.leg.pickChunks, context.tables, context.constants);
    if (ranges.empty()) {
        m_result = {};
        m_result.pointer = context.input.pointer;
        return;
    }
    gpu::CommandRecorder& commands = context.commands;
    const auto scope = commands.scope("pick");
    gpu::Buffer& readback = m_readback[slot % kSlots];
    commands.fill({&m_answer}, kNothing);
    commands.use({{m_answer, gpu::use::kComputeReadWrite},
                  {context.leg.deformed, gpu::use::kComputeRead},
                  {context.leg.indices, gpu::use::kComputeRead}});
    context.bind(m_pipeline, {{20u, context.leg.indices}, {21u, m_answer}});
    for (const DrawRange& range : ranges) {
        const std::array<std::uint32_t, 2> firstAndCount{range.firstIndex / 3, range.indexCount / 3};
        commands.pushConstants(firstAndCount);
        commands.dispatch(firstAndCount[1]);
    }
    commands.copy({&m_answer}, readback);
    commands.use({{readback, gpu::use::kHostRead}});
    m_questions[slot % kSlots] = {true, context.input.pointer, context.constants.rayOrigin,
                                  context.constants.rayDirection};
}

} // namespace pump::render
