#pragma once

#include "flesh/SurfaceTree.h"

#include "anatomy/LegModel.h"
#include "render/LegTables.h"
#include "scene/Pose.h"

#include <array>
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

/// A plane that a vertex of a body must not pass in a pose: dot(position, out) >= least, mm.
struct Obstacle {
    std::uint32_t vertex = 0; ///< of the body
    glm::vec3 out{};
    float least = 0;
};

/// What a Relaxer is made for: solving needs to know who meets whom.
enum class Contacts { Solved, Unknown };

/// Makes muscles of a posed leg give way to bones, to each other and to the skin, each keeping its volume:
/// offsets of their vertices, found by pushing, smoothing and filling by turns.
class Relaxer {
  public:
    /// With Contacts::Unknown relax() and obstacles() must not be called.
    Relaxer(const anatomy::LegModel& leg, const render::LegTables& tables, const render::MusclePoser& poser,
            Contacts contacts = Contacts::Solved);

    /// Offsets of all bodies' vertices in order, in the frame before the joints, mm.
    std::vector<glm::vec3> relax(const PoseSample& pose) const;
    /// What vertices of each body are in or near when they are placed at `now` (in order as in relax()):
    /// bones, the skin, other bodies, which each give way by a part. Only with Contacts::Solved.
    std::vector<std::vector<Obstacle>> obstacles(const PoseSample& pose, const render::FrameTables& frame,
                                                 std::vector<glm::vec3> now) const;
    /// Tables of this pose for place(), with the leg's corrections if it has any.
    render::FrameTables frameOf(const PoseSample& pose) const;
    void place(const render::FrameTables& frame, std::size_t body, Placement& placement) const;

    Contacts contacts() const { return m_contacts; }
    const std::vector<Body>& bodies() const { return m_bodies; }
    const std::vector<std::size_t>& firstOf() const {
        return m_first;
    } ///< of each body's vertices in relax()

  private:
    struct Work;
    struct Meeting;
    void findContacts();
    void findSidePoints(const std::vector<SurfaceTree>& trees);
    void meet(Work& work, std::size_t body, float share, float within, auto&& visit) const;
    void meetSides(Work& work, float share, float within, auto&& visit) const;
    float ownShare(const Body& body, int other) const;
    void renewTrees(Work& work) const;
    void poseBones(const PoseSample& pose, Work& work) const;
    void push(Work& work, float share) const;
    SurfaceTree skinOf(const render::FrameTables& frame) const;
    void smooth(Work& work, float share, float kept) const;
    void fill(Work& work) const;
    void unfold(Work& work) const;

    const anatomy::LegModel& m_leg;
    const render::LegTables& m_tables;
    const render::MusclePoser& m_poser;
    Contacts m_contacts;
    std::vector<Body> m_bodies;
    std::vector<std::size_t> m_first;
    std::vector<int> m_bones; ///< structures
    std::vector<std::uint32_t> m_boneJoint;
    std::vector<SurfaceTree> m_boneTrees; ///< at rest
    int m_skin = -1;                      ///< structure
    std::vector<std::uint32_t> m_skinIndices;
    std::vector<float>
        m_underSkin; ///< mm below the skin at rest, as in relax(); kReach: deep; kAnywhere: may pass
    /// Distance to each body of `near` at rest, per vertex: contact goes hardly further apart than that.
    /// kAnywhere: so far off that they never meet.
    std::vector<std::vector<float>> m_restDistance;
    /// Where a body's side can meet a bone between its corners: at a corner of the bone, or, of a body's
    /// cords in the foot, which are too thin for that, in the middle of one of its edges.
    struct SidePoint {
        std::size_t bone = 0, body = 0;      ///< of m_bones and m_bodies
        float distance = 0;                  ///< at rest, mm
        glm::vec3 corner{};                  ///< of the bone, at rest
        std::array<std::uint32_t, 2> edge{}; ///< of the body; both 0: a corner of the bone
    };
    std::vector<SidePoint> m_sidePoints;
};

} // namespace pump::flesh
