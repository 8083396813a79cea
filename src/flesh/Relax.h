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

/// A triangle's side and the normals of its corners point the same way.
inline bool agrees(const std::uint32_t* v, auto&& position, auto&& normal) {
    const glm::vec3 cross = glm::cross(position(v[1]) - position(v[0]), position(v[2]) - position(v[0]));
    const glm::vec3 n = normal(v[0]) + normal(v[1]) + normal(v[2]);
    return glm::dot(cross, n) > 0.2f * glm::length(cross) * glm::length(n);
}

/// Where the formula puts vertices of bodies, appended body by body.
struct Placement {
    std::vector<glm::vec3> position;
    std::vector<glm::vec3> normal; ///< as drawn
    std::vector<glm::vec4> turn;   ///< of the joints
    std::vector<glm::vec3> along;  ///< of the muscle's line
};

/// v turned by the unit quaternion `turn` (x, y, z, w), and before it was.
glm::vec3 turnedBy(const glm::vec4& turn, const glm::vec3& v);
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

    /// Offsets of all bodies' vertices in order, in the frame before the joints, mm, found from those of a
    /// pose close by; `from` is empty: from none.
    std::vector<glm::vec3> relax(const PoseSample& pose, const std::vector<glm::vec3>& from) const;
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
    static constexpr float kReach = 6; ///< mm: how deep a vertex can lie in its neighbour and still be found
    static constexpr float kAnywhere = 1e9f;
    static constexpr double kSmall = 12000; ///< mm^3: slips, which move as a whole
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
    /// cords in the foot, which are too thin for that, in the middle of one of its edges. With such edges
    /// slips meet other bodies too.
    struct SidePoint {
        int other = 0;                       ///< as in Body::near
        std::size_t body = 0;                ///< of m_bodies
        float distance = 0;                  ///< at rest, mm
        glm::vec3 corner{};                  ///< of the bone, at rest
        std::array<std::uint32_t, 2> edge{}; ///< of the body; both 0: a corner of the bone
    };
    std::vector<SidePoint> m_sidePoints;
};

} // namespace pump::flesh
