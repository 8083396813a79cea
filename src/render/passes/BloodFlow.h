#pragma once

#include "gpu/Frames.h"
#include "gpu/Shader.h"
#include "render/BloodTables.h"

namespace pump::render {

struct BloodFlowDesc {
    const gpu::Device& device;
    const gpu::ShaderLibrary& shaders;
    const anatomy::LegModel& leg; ///< must outlive the object
    std::uint32_t cells = 65536;  ///< in all, those included that wait outside; 0: no blood
    std::uint32_t seed = 1;
};

/// The blood cells and what moves them: compute passes "blood-balance" and "blood-advect". Deterministic:
/// cells depend on the seed, and on the inputs since the last reset.
class BloodFlow {
  public:
    /// Throws core::Error(Device | Asset).
    explicit BloodFlow(const BloodFlowDesc& desc);

    /// Moves the cells by input.simulatedSeconds, which may be 0, in as many steps as their speed wants (at
    /// most kMaxSteps). Records compute commands. Throws core::Error(Usage) when the input does not fit the
    /// rig.
    void advance(gpu::Frame& frame, const scene::RenderInput& input);
    /// All cells back to their first places, at the next advance().
    void reset() {
        m_fresh = true;
        m_tables.restart();
    }

    const BloodTables& tables() const { return m_tables; }
    /// shared::Cell[cells()]; kComputeReadWrite was its last use.
    const gpu::Buffer& cellBuffer() const { return m_cells; }
    /// uint[stretches + 1]: cells in each stretch, then those that wait outside.
    const gpu::Buffer& countBuffer() const { return m_counts; }
    /// shared::BloodVessel[] of the frame of the last advance().
    const gpu::BufferSlice& vesselSlice() const { return m_vessels; }
    std::uint32_t cells() const { return m_cellCount; }

    static constexpr int kMaxSteps = 8;

  private:
    struct Uploads {
        gpu::BufferSlice vessels, flows, passages, sites;
    };
    void start(gpu::Frame& frame);
    void step(gpu::Frame& frame, const Uploads& uploads, float dt);

    const anatomy::LegModel& m_leg;
    BloodTables m_tables;
    std::uint32_t m_cellCount;
    std::uint32_t m_seed;
    float m_concentration;
    std::uint32_t m_step = 0;
    bool m_fresh = true;
    gpu::ComputePipeline m_balance, m_advect;
    gpu::Buffer m_intervals, m_valves, m_firstCells, m_firstCounts, m_cells, m_counts, m_chances;
    gpu::BufferSlice m_vessels;
};

} // namespace pump::render
