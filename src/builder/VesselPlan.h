#pragma once

#include "anatomy/LegModel.h"
#include "builder/VesselCourse.h"

#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace pump::builder {

/// How a vein of a pair follows its artery (vena comitans).
struct CompanionPlan {
    std::vector<std::string> arteries; ///< followed upstream, one after the other
    glm::vec3 lowest{}, highest{};     ///< places near the artery where it begins and ends to follow
    Course side;                       ///< z (in w) -> direction toward member b
    float sign = 1;                    ///< -1 member a, +1 member b
    float ladderSpacing = 0;           ///< mm between cross links of a pair, 0: none
    bool upstream = true;              ///< runs against the vessels that it follows
    float distance = 0;                ///< mm between both axes, 0: wall to wall in one sheath
};

/// One vessel before it is laid out: a row of assets/anatomy/vessels.json, or a member of a pair or bundle.
struct VesselPlan {
    std::string id;
    std::string where; ///< "vessels.json: pairs[2]" for messages
    anatomy::VesselKind kind = anatomy::VesselKind::DeepVein;
    Course course;                     ///< control points along normal flow
    Course before;                     ///< companion: control points before it follows the artery
    std::vector<std::string> segments; ///< what drives it, in order along the flow
    std::map<std::string, float> topZ; ///< where a segment ends, leg frame, when not at its network height
    std::string from;                  ///< vessel that it begins on, at the nearest place
    std::string into;                  ///< vessel that it flows into, at the nearest place
    std::string stub;                  ///< why it ends nowhere
    std::string muscle;                ///< muscle that it rides on
    float insideMuscle = 0;            ///< mm it keeps from the surface of that muscle
    bool ownGap = false;               ///< keeps its course; muscles open a gap for it (soleal arch)
    bool outsideFlesh = false;         ///< lies on the muscles, where a course would lead through one
    std::array<float, 2> beneathFascia{1e9f,
                                       1e9f}; ///< superficial: heights between which it lies under it, mm
    bool subdermal = false;                   ///< lies right under the skin
    float clearance = 0;                      ///< mm from its axis to the skin, 0: deep
    float diameter = 0;                       ///< mm, 0: from the network or the course
    std::optional<float> valveZ; ///< height of the valve before its end, leg frame, mm; absent: at the joint
    std::optional<std::array<float, 3>> spindle; ///< relative width at start, middle, end
    std::optional<CompanionPlan> companion;
};

/// Further valves that are drawn but do not decide the flow by themselves.
struct ExtraValvePlan {
    std::string where;
    std::vector<std::string> vessels;
    std::vector<float> heights; ///< mm above the sole, as in the network tables
};

/// Paths of blood through the capillaries of a tissue.
struct BedPlan {
    std::string where;
    std::string id;                    ///< "bed-soleus-medial"
    std::string bed;                   ///< network segment that takes the inflow: MV_P
    std::string target;                ///< network segment that the venular link drains into
    std::vector<std::string> arteries; ///< sources
    std::vector<std::string> veins;    ///< drains
    std::string muscle;                ///< tissue that it crosses; empty: skin
    float zLow = 0, zHigh = 0;         ///< leg frame, mm
    float angleLow = 0, angleHigh = 0; ///< skin: degrees round the leg from lateral toward front
    int paths = 1;
};

struct NervePlan {
    std::string where;
    std::string id;
    Course course;
    std::string from;
    float inFatBelow = -1e9f; ///< mm: lower than this it runs outside muscles and fascia, under the skin
};

struct VesselTable {
    std::string file;
    std::vector<VesselPlan> vessels;
    std::vector<ExtraValvePlan> extraValves;
    std::vector<BedPlan> beds;
    std::vector<NervePlan> nerves;
    std::map<std::string, std::string> notDrawn; ///< network segment -> why
};

/// Reads assets/anatomy/vessels.json. Throws Error(Asset): file, field, value, what was expected.
VesselTable readVesselTable(const std::filesystem::path& file);

} // namespace pump::builder
