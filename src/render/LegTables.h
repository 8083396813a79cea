#pragma once

#include "anatomy/LegModel.h"
#include "render/CorrectionWeights.h"
#include "scene/Pose.h"
#include "scene/RenderInput.h"
#include "shared/leg.h"

#include <array>
#include <cstdint>
#include <vector>

namespace pump::render {

inline constexpr float kSolidOpacity = 0.995f; ///< of what nothing is seen through

/// Vertices of one structure that are deformed alike.
struct DeformRange {
    std::uint32_t structure = 0;
    std::uint32_t kind = shared::kDeformRigid;
    std::uint32_t influences = 1; ///< 1, 2 or 4 joints
    std::uint32_t firstVertex = 0;
    std::uint32_t vertexCount = 0;
};

/// A run of triangles that one call draws.
struct DrawRange {
    std::uint32_t firstIndex = 0;
    std::uint32_t indexCount = 0;
    std::uint32_t draw = 0; ///< of a draw list that was culled: its number there
};

/// Volume that a thickening of the skin adds, per region (foot, ankle, calf): c1 t + c2 t^2 + c3 t^3, mm^3
/// for t mm at full share. Exact for the mesh at rest; all zero without skin.
struct SwellingVolume {
    std::array<glm::dvec3, 3> coefficients{};
    /// Thickness at full share that holds so many ml.
    float thicknessFor(std::size_t region, double ml) const;
};

/// The leg as the shaders read it: what does not change from frame to frame.
struct LegTables {
    std::vector<shared::RestVertex> vertices;
    std::vector<std::uint32_t> indices;
    std::vector<DeformRange> ranges;                 ///< in order of vertices
    std::vector<std::uint32_t> placeOf;              ///< LegModel's vertex -> index into vertices
    std::vector<std::uint32_t> deformKinds;          ///< one for each structure
    std::vector<shared::MuscleSample> muscleSamples; ///< kMuscleSamples for each muscle
    std::vector<glm::uvec4> corrections;             ///< anatomy::Corrections::offsets, two each
    std::vector<shared::VesselPointRest> vesselPoints;
    std::vector<shared::VesselHeader> vessels;
    std::vector<shared::ValveInput> valves; ///< all but `opening`
    std::vector<float> edges; ///< one for each structure: mean length of its triangles' edges, mm
    SwellingVolume swelling;
    float skinTop = 1e6f;                     ///< highest vertex of the skin at rest, mm
    float capZ = 1e6f;                        ///< upper end of the limb at rest, mm
    std::vector<glm::vec4> contacts;          ///< foot on floor: place at rest, half width
    std::vector<std::uint32_t> contactJoints; ///< joint that carries each of them
};

LegTables makeLegTables(const anatomy::LegModel& leg);

/// What changes: one frame of it.
struct FrameTables {
    std::vector<shared::JointPose> joints;
    std::vector<shared::MuscleHeader> muscles;
    std::vector<shared::MusclePose> musclePoses; ///< kMuscleSamples for each muscle
    std::vector<shared::FlowInput> flows;
    std::vector<shared::ValveInput> valves;
    std::vector<shared::StructureState> structures;
    shared::SkinInput skin{};
};

/// Contracts muscles: from joint angles and shortening to slide, widening and lift along every line.
class MusclePoser {
  public:
    MusclePoser(const anatomy::LegModel& leg, const LegTables& tables);
    void pose(const scene::RenderInput& input, FrameTables& frame) const;
    const scene::MusclePath& path(std::size_t muscle) const { return m_paths[muscle]; }

  private:
    struct Shape {
        float length = 0;
        float bellyStart = 0, bellyEnd = 0;
        int ridesOn = -1;
        bool cut =
            false; ///< by the top of the limb: it contracts, and what a bend draws in comes, out of sight
        /// Widening that keeps the volume where a bend squeezes or stretches the muscle, at even angles of
        /// the joint (MuscleBends.cpp); empty: the muscle does not pass it.
        std::vector<float> kneeWiden, ankleWiden;
        float trialWiden = 1;          ///< while they are measured
        std::vector<float> placeUnder; ///< per sample: arc along the muscle underneath, mm
    };
    struct Travel;
    Travel travel(std::size_t muscle, const scene::RenderInput& input) const;
    struct Bends {
        float knee = 0, ankle = 0; ///< rad
    };
    void measureBends(const LegTables& tables);
    void measureBend(const LegTables& tables, const std::vector<glm::mat4>& joints,
                     const std::vector<const anatomy::Structure*>& passing, std::vector<float> Shape::*widen);
    float bendWiden(const Shape& shape, const Bends& bends) const;
    Bends bendsOf(const std::vector<shared::JointPose>& joints) const;
    /// `widen`: of the whole muscle, beyond what its bend asks for.
    void poseOne(std::size_t muscle, float widen, const scene::RenderInput& input, FrameTables& frame) const;

    const anatomy::LegModel& m_leg;
    std::vector<shared::MuscleSample> m_samples;
    std::vector<scene::MusclePath> m_paths;
    std::vector<Shape> m_shapes;
    std::vector<std::size_t> m_order; ///< carriers before riders
    CorrectionWeights m_corrections;
    bool m_measuring = false; ///< bends are measured without corrections
    int m_thigh = -1, m_shank = -1, m_foot = -1;
};

/// Fills everything that changes from the input. Throws Error(Usage) when its arrays do not match the rig.
FrameTables makeFrameTables(const anatomy::LegModel& leg, const LegTables& tables, const MusclePoser& poser,
                            const scene::RenderInput& input);

} // namespace pump::render
