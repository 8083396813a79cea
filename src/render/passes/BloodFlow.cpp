#include "render/passes/BloodFlow.h"

#include "gpu/Transfer.h"

#include <algorithm>
#include <cmath>

namespace pump::render {

namespace {

constexpr float kBalanceTimeS = 1.5f; // in which a lack or excess of cells in a stretch is made up

template <typename T>
gpu::Buffer storage(const gpu::Device& device, std::string_view name, const std::vector<T>& values) {
    return gpu::makeBuffer(
        device, name, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT | VK_BUFFER_USAGE_TRANSFER_SRC_BIT | gpu::kTexels,
        std::as_bytes(std::span(values)));
}

gpu::Buffer emptyStorage(const gpu::Device& device, std::string_view name, std::size_t bytes) {
    return gpu::Buffer(device,
                       {.name = name,
                        .size = std::max<std::size_t>(bytes, 16),
                        .usage = VK_BUFFER_USAGE_STORAGE_BUFFER_BIT | VK_BUFFER_USAGE_TRANSFER_SRC_BIT |
                                 VK_BUFFER_USAGE_TRANSFER_DST_BIT});
}

/// Shaders want every array bound; one that the leg has no entries for gets one of zeros.
template <typename T>
gpu::BufferSlice uploadSome(gpu::Frame& frame, const std::vector<T>& values) {
    static const std::vector<T> kNone(1);
    return frame.upload(std::span<const T>(values.empty() ? kNone : values));
}

} // namespace

BloodFlow::BloodFlow(const BloodFlowDesc& desc)
    : m_leg(desc.leg),
      m_tables(desc.leg.rig),
      m_cellCount(m_tables.totalRestVolume() > 0 ? desc.cells : 0),
      m_seed(desc.seed),
      m_concentration(m_tables.concentration(m_cellCount)),
      m_balance(desc.shaders, {.name = "blood-balance", .shader = "blood_balance.comp"}),
      m_advect(desc.shaders, {.name = "blood-advect", .shader = "blood_advect.comp"}) {
    if (m_cellCount == 0) return;
    const std::vector<shared::Cell> cells = m_tables.firstCells(m_cellCount, m_seed);
    const std::size_t sites = m_tables.ports() + m_tables.stretchCount();
    m_intervals = storage(desc.device, "blood intervals", m_tables.intervals());
    m_valves = storage(desc.device, "blood valves",
                       m_tables.valves().empty() ? std::vector<shared::BloodValve>(1) : m_tables.valves());
    m_firstCells = storage(desc.device, "blood first cells", cells);
    m_firstCounts = storage(desc.device, "blood first counts", m_tables.countCells(cells));
    m_cells = emptyStorage(desc.device, "blood cells", m_firstCells.size());
    m_counts = emptyStorage(desc.device, "blood counts", m_firstCounts.size());
    m_chances =
        emptyStorage(desc.device, "blood balance",
                     sizeof(shared::BloodBalance) + (sites + m_tables.stretchCount()) * sizeof(float));
}

void BloodFlow::start(gpu::Frame& frame) {
    frame.commands().copy({&m_firstCells}, m_cells);
    frame.commands().copy({&m_firstCounts}, m_counts);
    m_step = 0;
    m_fresh = false;
}

void BloodFlow::advance(gpu::Frame& frame, const scene::RenderInput& input) {
    m_tables.update(m_leg, input);
    if (m_cellCount == 0) return;
    if (m_fresh) start(frame);
    Uploads uploads;
    uploads.vessels = m_vessels = uploadSome(frame, m_tables.vessels());
    const float seconds = input.simulatedSeconds;
    if (!(seconds > 0)) return;
    uploads.flows = uploadSome(frame, m_tables.flows());
    uploads.passages = uploadSome(frame, m_tables.passages());
    // A step crosses few enough intervals for the fastest cell, on the axis, to be moved all the way.
    constexpr float kReachMm = 0.75f * 4.0f * static_cast<float>(shared::kMaxHops);
    const float wanted = std::ceil(m_tables.fastest() * (2 - shared::kWallSpeed) * seconds / kReachMm);
    const auto steps = static_cast<int>(std::clamp(wanted, 1.0f, static_cast<float>(kMaxSteps)));
    const float dt = seconds / static_cast<float>(steps);
    uploads.sites = uploadSome(frame, m_tables.spawnSites(m_concentration, dt));
    for (int i = 0; i < steps; ++i) step(frame, uploads, dt);
}

void BloodFlow::step(gpu::Frame& frame, const Uploads& uploads, float dt) {
    gpu::CommandRecorder& commands = frame.commands();
    const auto stretches = static_cast<std::uint32_t>(m_tables.stretchCount());
    const shared::BloodParams params{.cellCount = m_cellCount,
                                     .seed = m_seed,
                                     .step = m_step++,
                                     .dt = dt,
                                     .portCount = m_tables.ports(),
                                     .stretchCount = stretches,
                                     .balance = 1 - std::exp(-dt / kBalanceTimeS),
                                     .waitingSlot = stretches};
    {
        const auto scope = commands.scope("blood-balance");
        commands.use({{m_counts, gpu::use::kComputeRead}, {m_chances, gpu::use::kComputeReadWrite}});
        commands.bind(m_balance);
        commands.push({{0u, uploads.sites}, {1u, m_counts}, {2u, m_chances}});
        commands.pushConstants(params);
        commands.dispatch(m_balance.localSize()[0]);
    }
    const auto scope = commands.scope("blood-advect");
    commands.use({{m_cells, gpu::use::kComputeReadWrite},
                  {m_counts, gpu::use::kComputeReadWrite},
                  {m_intervals, gpu::use::kComputeTexels},
                  {m_valves, gpu::use::kComputeTexels},
                  {m_chances, gpu::use::kComputeRead}});
    commands.bind(m_advect);
    commands.push({{0u, m_cells},
                   {1u, uploads.vessels},
                   {2u, m_intervals},
                   {3u, uploads.flows},
                   {4u, uploads.passages},
                   {5u, uploads.sites},
                   {6u, m_counts},
                   {7u, m_chances},
                   {8u, m_valves}});
    commands.pushConstants(params);
    commands.dispatch(m_cellCount);
}

} // namespace pump::render
