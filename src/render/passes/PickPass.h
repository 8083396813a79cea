#pragma once

#include "render/PassContext.h"
#include "scene/PickResult.h"

#include <array>

namespace pump::render {

/// Finds what lies under the pointer by a ray against the deformed triangles. The answer comes when the
/// frame that asked is finished; nothing waits.
class PickPass {
  public:
    PickPass(const gpu::Device& device, const gpu::ShaderLibrary& shaders);

    /// Takes over the answer of the frame that used this slot before.
    void collect(std::uint32_t slot, const anatomy::LegModel& leg);
    void record(const PassContext& context, std::uint32_t slot);
    const scene::PickResult& result() const { return m_result; }

  private:
    static constexpr std::size_t kSlots = 4;
    struct Question {
        bool open = false;
        glm::vec2 pointer{-1};
        glm::vec3 origin{}, direction{};
    };
    gpu::ComputePipeline m_pipeline;
    gpu::Buffer m_answer;
    std::array<gpu::Buffer, kSlots> m_readback;
    std::array<Question, kSlots> m_questions;
    scene::PickResult m_result;
    glm::vec2 m_askedAt{-1};        ///< pixel of the last question
    std::uint32_t m_askedFrame = 0; ///< RenderInput::frame of it
};

} // namespace pump::render
