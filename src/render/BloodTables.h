#pragma once

#include "anatomy/LegModel.h"
#include "scene/RenderInput.h"
#include "shared/blood.h"

#include <cstdint>
#include <vector>

namespace pump::render {

/// The roads of the blood as the arrays that shaders read (shaders/shared/blood.h), and what changes in them
/// from frame to frame. Plain values, no Vulkan. Points lie at even arc lengths, about 4 mm apart.
class BloodTables {
  public:
    /// Throws core::Error(Asset): a vessel with too few points, without length or stretches, a junction or a
    /// valve that lies outside its vessel.
    explicit BloodTables(const anatomy::Rig& rig);

    /// Takes over velocities, calibres and valve positions, weighs the passages with the present flow and
    /// marks the vessels whose blood is to be seen. Throws core::Error(Usage) when sizes do not match the
    /// rig.
    void update(const anatomy::LegModel& leg, const scene::RenderInput& input);

    // By vessel, by interval, by passage.
    const std::vector<shared::BloodVessel>& vessels() const { return m_vessels; }
    const std::vector<shared::IntervalInfo>& intervals() const { return m_intervals; }
    const std::vector<shared::IntervalFlow>& flows() const { return m_flows; }
    const std::vector<shared::Passage>& passages() const { return m_passages; }
    const std::vector<shared::BloodValve>& valves() const { return m_valves; } ///< as Rig::valves

    std::size_t stretchCount() const { return m_stretches.size(); }
    /// mm^3 of red-cell carrying lumen: as drawn at quiet standing, and at present. 0 for lymph.
    float restVolume(std::size_t stretch) const { return m_stretches[stretch].restVolume; }
    float volume(std::size_t stretch) const;
    float totalRestVolume() const;

    /// Forgets what update() has averaged over time: the next one is the first.
    void restart();

    /// Where waiting cells may come in during a step of `dt` s when blood holds `concentration` cells a mm^3:
    /// first the `ports()` stubs with blood coming in or not, then all stretches in order.
    std::vector<shared::SpawnSite> spawnSites(float concentration, float dt) const;
    std::uint32_t ports() const { return static_cast<std::uint32_t>(m_ports.size()); }

    /// Cells of the first moment, evenly spread over the lumen as drawn at quiet standing: `count` of them,
    /// of which the last ones wait outside. Deterministic.
    std::vector<shared::Cell> firstCells(std::uint32_t count, std::uint32_t seed) const;
    /// Cells a mm^3 when `count` are there in all: a part waits outside, so that dilated veins can be filled.
    float concentration(std::uint32_t count) const;
    /// Cells in each stretch, then the number that wait.
    std::vector<std::uint32_t> countCells(const std::vector<shared::Cell>& cells) const;

    /// Largest velocity of the last update, mm/s.
    float fastest() const { return m_fastest; }

    /// Flow into the vessel (mm^3/s, toward its inside positive) through its start or end.
    float inflow(std::uint32_t vessel, bool atEnd) const;

  private:
    struct Stretch {
        std::uint32_t vessel = 0;
        float from = 0, to = 0;
        bool forward = true;
        float restVolume = 0;
        float radiusScale = 1;
        float flowFrom = 0, flowTo = 0; ///< mm^3/s toward rising arc at its two ends
        float cut = 0;    ///< mm^3/s that drawn branches bring and that must not come through its stub too
        float over = 0;   ///< as supply, without the cut
        float widest = 0; ///< mm, largest radius at present
        float rest = 0;   ///< mm^3/s that it gains on the way and no drawn branch brings
        float lastVolume = -1;
        float supply = 0; ///< mm^3/s from vessels that are not drawn, mean of the last second or so
    };
    /// A cross link between two veins side by side, which the network knows as one: it evens them out.
    struct Ladder {
        std::uint32_t stretch = 0;                    ///< its own
        std::uint32_t fromStretch = 0, toStretch = 0; ///< of the veins that it joins
        float share = 1;                              ///< 1 / number of links between the same two
        float flow = 0;                               ///< mm^3/s
    };
    struct Port {
        std::uint32_t vessel = 0;
        bool atEnd = false;
    };
    void addVessel(const anatomy::Rig& rig, std::size_t index);
    void addPassages(const anatomy::Rig& rig);
    void addLadders(const anatomy::Rig& rig);
    void addValves(const anatomy::Rig& rig);
    bool carriesBlood(std::uint32_t vessel) const;
    std::uint32_t intervalAt(std::uint32_t vessel, float arc) const; ///< index into intervals
    float flowFrom(const shared::Passage& passage) const;            ///< out of where it leads, mm^3/s
    void joinStarts();
    float shareOfEnd(const shared::BloodVessel& from, std::uint32_t vessel,
                     const std::vector<float>& told) const;
    float arterialFlow(std::uint32_t vessel, int depth) const;
    void joinArteries();
    void runLadders(float seconds);
    float areaAt(std::size_t point, const Stretch& stretch) const;
    /// Returns the flow that arrives at the end of the stretch.
    float setFlows(std::uint32_t stretch, std::uint32_t first, std::uint32_t end);
    void setSupply(float seconds);
    void setBarriers(std::uint32_t vessel, const scene::RenderInput& input);
    void slowBefore(const shared::BloodVessel& info, const shared::BloodValve& valve, std::uint32_t end);
    void weighEnd(std::uint32_t first, std::uint32_t count);

    std::vector<shared::BloodVessel> m_vessels;
    std::vector<std::uint32_t> m_firstStretch; ///< of each vessel, and the total at the end
    std::vector<float> m_radii;                ///< by point, mm at quiet standing
    std::vector<shared::IntervalInfo> m_intervals;
    std::vector<shared::IntervalFlow> m_flows;
    std::vector<Stretch> m_stretches;
    std::vector<shared::Passage> m_passages;
    std::vector<std::uint32_t> m_valveVessels; ///< of Rig::valves
    std::vector<shared::BloodValve> m_valves;
    std::vector<std::uint32_t> m_valveOrder; ///< by vessel, then by arc
    std::vector<std::uint32_t> m_firstValve; ///< of each vessel in that order, and the total at the end
    std::vector<Port> m_ports;
    std::vector<Ladder> m_ladders;
    float m_fastest = 0;
};

/// Number of points of a vessel of that length, at even arc lengths: what the drawing of vessels uses too.
std::uint32_t vesselPointCount(float lengthMm);

} // namespace pump::render
