#pragma once

#include "flesh/SurfaceGrid.h"

#include "anatomy/LegModel.h"
#include "render/LegTables.h"
#include "scene/Pose.h"

#include <memory>
#include <vector>

namespace pump::flesh {

/// One pose of the leg: joints, and how active each muscle is.
struct PoseSample {
    std::vector<glm::mat4> joints;
    std::vector<float> activation; ///< of each of Rig::muscles, 0-1
};

/// A muscle or its tendon, with neighbours of each vertex.
struct Body {
    int structure = -1;
    bool slip = false;                              ///< volume is not kept: cut by the top of the limb
    bool held = false;                              ///< no part of it moves: others give way to it
    std::uint32_t first = 0, count = 0;             ///< vertices in LegModel
    std::vector<std::uint32_t> indices;             ///< local
    std::vector<std::vector<std::uint32_t>> around; ///< neighbours along the surface
    std::vector<std::vector<std::uint32_t>> tied;   ///< these, and what is opposite where the body is thin
    std::vector<std::uint32_t> faced; ///< first corners of triangles that agree with their normals at rest
    std::vector<float> flesh; ///< per vertex: share in keeping the volume, 1 belly, less in tendon; 0: stays
    double restVolume = 0;
    std::vector<int> near; ///< bodies and bones that can come near: index into bodies, or -1 - bone
};

/// Where the formula puts vertices of bodies, appended body by body.
struct Placement {
    std::vector<glm::vec3> position;
    std::vector<glm::vec3> normal; ///< as drawn
    std::vector<glm::vec4> turn;   ///< of the joints
    std::vector<glm::vec3> along;  ///< of the muscle's line
};

/// v before the unit quaternion `turn` (x, y, z, w) turned it.
glm::vec3 turnedBack(const glm::vec4& turn, const glm::vec3& v);

/// What a Relaxer is made for: solving needs to know who meets whom.
enum class Contacts { Solved, Unknown };

/// Makes muscles of a posed leg give way to bones, to each other and to the skin, each keeping its volume:
/// offsets of their vertices, found by pushing, smoothing and filling by turns.
class Relaxer {
  public:
    /// With Contacts::Unknown relax() must not be called.
    Relaxer(const anatomy::LegModel& leg, const render::LegTables& tables, const render::MusclePoser& poser,
            Contacts contacts = Contacts::Solved);

    /// Offsets of all bodies' vertices in order, in the frame before the joints, mm.
    std::vector<glm::vec3> relax(const PoseSample& pose) const;
    /// Tables of this pose for place(), with the leg's corrections if it has any.
    render::FrameTables frameOf(const PoseSample& pose) const;
    void place(const render::FrameTables& frame, std::size_t body, Placement& placement) const;

    const std::vector<Body>& bodies() const { return m_bodies; }
    const std::vector<std::size_t>& firstOf() const {
        return m_first;
    } ///< of each body's vertices in relax()

  private:
    struct Work;
    void findContacts();
    void push(Work& work, float share) const;
    SurfaceGrid skinOf(const render::FrameTables& frame) const;
    void smooth(Work& work, float share, float kept) const;
    void fill(Work& work) const;
    void unfold(Work& work) const;

    const anatomy::LegModel& m_leg;
    const render::LegTables& m_tables;
    const render::MusclePoser& m_poser;
    std::vector<Body> m_bodies;
    std::vector<std::size_t> m_first;
    std::vector<int> m_bones; ///< structures
    std::vector<std::uint32_t> m_boneJoint;
    std::vector<SurfaceGrid> m_boneGrids; ///< at rest
    int m_skin = -1;                      ///< structure
    std::vector<std::uint32_t> m_skinIndices;
    std::vector<float> m_underSkin; ///< mm below the skin at rest, per vertex as in relax(); kReach: deep
    /// Distance to each body of `near` at rest, per vertex: contact goes hardly further apart than that.
    std::vector<std::vector<float>> m_restDistance;
};

} // namespace pump::flesh
