#pragma once

#include "app/BenchReport.h"
#include "app/Graphics.h"
#include "app/PresentTarget.h"
#include "app/Session.h"
#include "app/WindowSource.h"

#include <functional>
#include <memory>

namespace pump::app {

/// What lies over the rest of the leg and would hide it: skin, fat and fascia.
bool isCover(anatomy::Layer layer);

/// Triangles of a leg without its covers: what workload A draws.
double comparedTriangles(const anatomy::LegModel& leg);

/// The level of detail nearest to the 338 k triangles that other programs were measured with, and what all
/// have.
struct DetailChoice {
    anatomy::DetailLevel nearest = anatomy::DetailLevel::High;
    std::array<double, 3> triangles{}; ///< by DetailLevel; equal for a leg with one level
};
/// Reads all levels, one after the other. Throws Error(Asset).
DetailChoice chooseDetail(const std::filesystem::path& leg);

/// A fixed quality for comparisons: full resolution, one level of detail.
struct Comparison {
    anatomy::DetailLevel detail = anatomy::DetailLevel::High;
    int samples = 1;
    std::uint32_t cells = 0;
};

/// How one workload is drawn.
struct StageDesc {
    Options options;
    bool window = true; ///< where a display is; else off screen
    bool panel = false;
    std::optional<Comparison> comparison; ///< nothing: automatic quality, as for a visitor
};

/// The program as its window command builds it, driven frame by frame. Off screen where there is no display.
class BenchStage {
  public:
    /// Changes what the session asks for before it is drawn.
    using Change = std::function<void(scene::RenderInput& input, std::uint64_t frame)>;

    /// Throws Error of every kind that starting the program may throw.
    explicit BenchStage(const StageDesc& desc);

    /// One frame from input to presentation, `seconds` after the last one.
    void frame(double seconds, const Change& change = {});
    /// Waits until everything drawn is on the screen.
    void finish() { m_graphics.ring().waitIdle(); }

    bool windowed() const { return m_window != nullptr; }
    const GraphicsDevice& device() const { return *m_device; }
    Graphics& graphics() { return m_graphics; }
    std::size_t structures() const { return m_legs->reference().structures.size(); }

  private:
    static std::unique_ptr<WindowSource> openWindow(const StageDesc& desc);
    Options sized(const StageDesc& desc) const;

    LegsAhead m_ahead;
    std::unique_ptr<WindowSource> m_window;
    std::unique_ptr<GraphicsDevice> m_device;
    std::unique_ptr<Legs> m_legs;
    Options m_options;
    Session m_session; // before the graphics: the panel's context outlives its layer
    Graphics m_graphics;
    std::unique_ptr<PresentTarget> m_target;
    bool m_automatic;
    std::uint64_t m_frame = 0;
};

} // namespace pump::app
