#pragma once

#include "anatomy/Corrections.h"

#include <glm/glm.hpp>

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace pump::anatomy {

// Frame of everything here: millimetres, right leg, origin at the centre of the ankle (midpoint of the
// malleolus tips), +Z up the shank, +Y forward, +X lateral. The sole is at z = -62.

enum class Tissue : std::uint8_t {
    Bone,
    Cartilage,
    Muscle,
    Tendon,
    Vein,
    Artery,
    Valve,
    Nerve,
    Fascia,
    Fat,
    Skin,
    Lymph
};

/// What the panel's opacity sliders switch.
enum class Layer : std::uint8_t {
    Bones,
    Muscles,
    DeepVeins,
    SuperficialVeins,
    Perforators,
    Valves,
    Arteries,
    Nerves,
    Fascia,
    Fat,
    Skin,
    Lymph,
    Count
};
inline constexpr std::size_t kLayerCount = static_cast<std::size_t>(Layer::Count);
std::string_view layerId(Layer layer);    ///< "bones", "deep-veins" ...: for scripts and options
std::string_view tissueId(Tissue tissue); ///< "bone" ...: as written in GLB extras

/// One vertex at rest. `tissue` holds eight values whose meaning follows the structure's tissue; in the GLB
/// they are TEXCOORD_0 to TEXCOORD_3 in order:
///   Muscle, Tendon   0 arc length along the muscle's action line from its origin, mm; 1 tendon fraction 0-1;
///                    2, 3 fibre direction, octahedral in leg frame, each -1..1; 4 pennation, rad; 5-7 zero
///   Vein, Artery,    0 arc length along its vessel, mm; 1 angle round it, 0-1; 2-7 zero
///   Lymph, Nerve
///   Valve            0 index into Rig::valves; 1 cusp, 0 or 1; 2 across the cusp, -1..1; 3 from the attached
///   edge (0)
///                    to the free margin (1); 4 side of the membrane, -1 or 1; 5-7 zero
///   Skin, Fat,       0 index into Rig::muscles of the nearest muscle under it or -1; 1 arc length along that
///   muscle's Fascia           line, mm; 2 share of its bulge that arrives here, 0-1; 3 fat thickness below,
///   mm; 4 second
///                    muscle or -1; 5, 6 the same for the second; 7 zero
///   others           zero
struct Vertex {
    glm::vec3 position{};
    glm::vec3 normal{0, 0, 1};
    std::array<std::uint8_t, 4> joints{};              ///< indices into Rig::joints
    std::array<std::uint8_t, 4> weights{255, 0, 0, 0}; ///< sum 255
    std::array<float, 8> tissue{};
};

/// One named thing that can be pointed at, with its own mesh. Names come from assets/anatomy/catalogue.json.
struct Structure {
    std::string id;      ///< slug of the catalogue, with member suffix where several share a row
    std::string english; ///< TA2
    std::string latin;   ///< TA2
    std::string plain;   ///< words for visitors
    std::string purpose; ///< one plain sentence: what it does
    int ta2 = 0;         ///< 0: none
    std::string fma;     ///< empty: none
    Tissue tissue = Tissue::Bone;
    Layer layer = Layer::Bones;
    int muscle = -1;              ///< index into Rig::muscles
    int vessel = -1;              ///< index into Rig::vessels
    std::uint32_t firstIndex = 0; ///< into LegModel::indices
    std::uint32_t indexCount = 0; ///< multiple of 3
    std::uint32_t firstVertex = 0;
    std::uint32_t vertexCount = 0;
    glm::vec3 boundsLow{}, boundsHigh{};
};

/// Where a joint of the knee is at one flexion: turn about its axis, rad, then shift in the parent's frame,
/// mm.
struct JointStep {
    float flexion = 0, turn = 0;
    float forward = 0, up = 0;
};

/// A hinge of the drawn body. Joint 0 has no parent.
struct Joint {
    std::string id; ///< thigh, shank, patella, talus, foot, forefoot, toes; of these a rig may lack some
    int parent = -1;
    glm::vec3 pivot{};           ///< a point of the axis, mm
    glm::vec3 axis{1, 0, 0};     ///< unit; positive angle: flexion (hip, knee), dorsiflexion, inversion
    std::vector<JointStep> path; ///< rolling and gliding by knee flexion, rising; empty: a plain hinge
};

/// Influence of joints and of one muscle on a point; same meaning as in Vertex.
struct Binding {
    std::array<std::uint8_t, 4> joints{};
    std::array<std::uint8_t, 4> weights{255, 0, 0, 0};
    int muscle = -1;        ///< the muscle that carries the point along when it contracts
    float muscleArc = 0;    ///< mm along that muscle's line
    float muscleWeight = 0; ///< 0-1
};

/// A muscle's action line from origin to insertion, through the middle of belly and tendon.
struct MuscleRig {
    std::string id;              ///< slug of the muscle's structure
    std::string compartment;     ///< network compartment whose pressure it makes: SOLEUS, GASTROC, DEEP, ANT,
                                 ///< PLANTAR, THIGH
    std::vector<glm::vec3> line; ///< >= 2 points, mm
    std::vector<float> arc;      ///< arc length at each point, mm, arc[0] = 0
    std::vector<float> area;     ///< section area of the muscle at each point, mm^2
    std::vector<glm::vec3>
        anchor; ///< per point: the place that stays when the belly thickens (deep face, on bone), mm
    float bellyStart = 0, bellyEnd = 0;            ///< arc lengths between which fibres shorten, mm
    std::array<std::uint8_t, 4> insertionJoints{}; ///< joints that carry the insertion
    std::array<std::uint8_t, 4> insertionWeights{255, 0, 0, 0};
    int ridesOn = -1; ///< muscle underneath, whose bulge lifts this one; -1: none
    int along = -1;   ///< muscle that it is a slip of, whose line, belly and anchors it shares; -1: none
};

enum class VesselKind : std::uint8_t { DeepVein, SuperficialVein, Perforator, Artery, Lymph, Bed };

struct VesselPoint {
    glm::vec3 position{};
    float radius = 1; ///< drawn radius at quiet standing, mm
    float arc = 0;    ///< mm from the first point
    Binding binding;
};

/// Part of a vessel that a network segment drives: lumen scale, velocity and pressure come from it.
struct Stretch {
    std::string
        segment; ///< network segment, e.g. "PTV2"; arteries and beds name what drives their flow ("ART:MV_P")
    float from = 0, to = 0; ///< arc length, mm, from < to
    bool forward = true;    ///< normal flow runs with rising arc length
};

/// Where blood goes on at an end of a vessel.
struct Junction {
    int vessel = -1;
    float arc = 0; ///< mm along that vessel
};

struct Vessel {
    std::string id; ///< slug of its structure; beds: "bed-..."
    VesselKind kind = VesselKind::DeepVein;
    int structure = -1;
    std::vector<VesselPoint> points; ///< >= 2, evenly spaced about 4 mm
    std::vector<Stretch> stretches;  ///< cover the vessel, in order, without gaps
    std::vector<Junction>
        atStart; ///< vessels that continue it before its first point (empty: a stub that fades)
    std::vector<Junction> atEnd;
};

/// A bicuspid valve: passes flow toward rising arc length (or falling, when the stretch is not forward).
struct ValveSite {
    std::string id;       ///< valve-<from>-<to>[-<height mm>]
    std::string from, to; ///< the network link that decides its position
    int vessel = -1;
    float arc = 0;   ///< mm: attached edge of the cusps
    float angle = 0; ///< rad: direction of the line where the cusps meet, round the vessel
};

struct Rig {
    std::vector<Joint> joints;
    std::vector<MuscleRig> muscles;
    std::vector<Vessel> vessels;
    std::vector<ValveSite> valves;
};

/// The leg as the program draws it: one level of detail of all meshes, and the rig that moves it.
struct LegModel {
    std::vector<Vertex> vertices;
    std::vector<std::uint32_t> indices;
    std::vector<Structure> structures;
    Corrections corrections; ///< empty: muscles follow the formula alone
    Rig rig;                 ///< empty for a leg that can only be drawn still
    std::string credit;      ///< licence line of the data
    std::string source;      ///< file or folder it came from

    const Structure* find(std::string_view id) const;
};

enum class DetailLevel { High, Middle, Low };

/// Reads `leg.glb` (High), `leg-middle.glb`, `leg-low.glb` and `leg.rig.json` from a folder made by
/// leg-builder, or any other GLB (named by node, no rig), or a folder of OBJ / STL / GLB meshes named by FMA
/// id (FMA22558.obj, FMA44885_2.obj), which are placed in the leg frame and drawn still. Throws Error(Asset)
/// with file, node or field, the value, and what to do.
LegModel loadLeg(const std::filesystem::path& path, DetailLevel level);

} // namespace pump::anatomy
