#include "builder/Annotate.h"

#include "builder/Curve.h"
#include "builder/Rigging.h"

#include <meshoptimizer.h>

#include <algorithm>
#include <cmath>

namespace pump::builder {
namespace {

using anatomy::MuscleRig;
using anatomy::Tissue;
using anatomy::Vertex;

/// Octahedral code of a unit vector, two numbers in -1..1 (Cigolle et al. 2014).
glm::vec2 octahedral(const glm::vec3& v) {
    const glm::vec3 n = v / (std::abs(v.x) + std::abs(v.y) + std::abs(v.z));
    if (n.z >= 0) return {n.x, n.y};
    return {(1.0f - std::abs(n.y)) * (n.x < 0 ? -1.0f : 1.0f),
            (1.0f - std::abs(n.x)) * (n.y < 0 ? -1.0f : 1.0f)};
}

int muscleIndex(const anatomy::Rig& rig, std::string_view id) {
    for (std::size_t i = 0; i < rig.muscles.size(); ++i)
        if (rig.muscles[i].id == id) return static_cast<int>(i);
    return -1;
}

/// The muscle whose line a tendon lies on: soleus for the heel tendon, so that it slides with it.
int muscleOfTendon(const anatomy::Rig& rig, std::string_view id) {
    return id == "calcaneal-tendon" ? muscleIndex(rig, "soleus") : -1;
}

/// Arc, tendon fraction, fibre direction and pennation at a vertex of a muscle.
void muscleTissue(Vertex& vertex, const MuscleRig& muscle, bool tendon) {
    const CurvePlace place = nearestOnCurve(muscle.line, vertex.position);
    vertex.tissue[0] = place.arc;
    // Flesh goes over into tendon within about 25 mm at either end of the belly.
    const float from = std::clamp((place.arc - muscle.bellyStart) / 12.0f + 0.5f, 0.0f, 1.0f);
    const float to = std::clamp((muscle.bellyEnd - place.arc) / 25.0f + 0.5f, 0.0f, 1.0f);
    const float share = std::min(from, to);
    vertex.tissue[1] = tendon ? 1.0f : 1.0f - share;
    const float pennation = tendon ? 0.0f : 0.25f * share;
    const glm::vec3 along =
        glm::normalize(pointAtArc(muscle.line, muscle.arc, place.arc + 6.0f) -
                       pointAtArc(muscle.line, muscle.arc, place.arc - 6.0f) + glm::vec3(0, 0, 1e-6f));
    glm::vec3 outward = vertex.position - place.position;
    outward -= along * glm::dot(along, outward);
    const glm::vec3 lean = glm::length(outward) > 1e-3f ? glm::normalize(outward) : glm::vec3(0);
    const glm::vec2 code =
        octahedral(glm::normalize(along * std::cos(pennation) + lean * std::sin(pennation)));
    vertex.tissue[2] = code.x;
    vertex.tissue[3] = code.y;
    vertex.tissue[4] = pennation;
}

/// Share of tendon at a place of a muscle that has no action line: its thin ends.
float cordShare(const Solid& solid, const glm::vec3& p) {
    float width = 1;
    if (solid.sections) {
        width = solid.sections->radius(p) / std::max(solid.largestRadius, 1e-3f);
    } else {
        const auto nearest = std::min_element(
            solid.strands.begin(), solid.strands.end(),
            [&](const StrandShape& a, const StrandShape& b) { return a.distance(p) < b.distance(p); });
        width = nearest->halfWidth(p) / nearest->largestHalfWidth();
    }
    return std::clamp((0.55f - width) / 0.2f, 0.0f, 1.0f);
}

} // namespace

LegPart solidPart(const Solid& solid, const Mesh& mesh, const anatomy::Rig& rig) {
    LegPart part;
    part.id = solid.row->id;
    part.tissue = solid.row->tissue;
    part.layer = solid.row->layer;
    part.indices = mesh.indices;
    const std::vector<glm::vec3> normals = vertexNormals(mesh);
    const bool tendon = part.tissue == Tissue::Tendon;
    const int index = tendon ? muscleOfTendon(rig, part.id) : muscleIndex(rig, part.id);
    const bool rigid = solid.row->joint != "blend";
    const JointWeights whole = rigidWeights(rig.joints, solid.row->joint);
    for (std::size_t i = 0; i < mesh.positions.size(); ++i) {
        Vertex vertex;
        vertex.position = mesh.positions[i];
        vertex.normal = normals[i];
        const JointWeights weights = rigid ? whole : softWeights(rig.joints, vertex.position);
        vertex.joints = weights.joints;
        vertex.weights = weights.weights;
        if (index >= 0) muscleTissue(vertex, rig.muscles[static_cast<std::size_t>(index)], tendon);
        const bool ownLine = index >= 0 && rig.muscles[static_cast<std::size_t>(index)].along < 0;
        if (!ownLine && part.tissue == Tissue::Muscle) vertex.tissue[1] = cordShare(solid, vertex.position);
        if (tendon) vertex.tissue[1] = 1;
        part.vertices.push_back(vertex);
    }
    return part;
}

LegPart skinPart(const Mesh& mesh, const anatomy::Rig& rig, const std::vector<Solid>& solids) {
    LegPart part;
    part.id = "skin-leg";
    part.tissue = Tissue::Skin;
    part.layer = anatomy::Layer::Skin;
    part.indices = mesh.indices;
    const std::vector<glm::vec3> normals = vertexNormals(mesh);
    std::vector<int> muscleOf;
    for (const Solid& solid : solids) muscleOf.push_back(muscleIndex(rig, solid.row->id));
    for (std::size_t i = 0; i < mesh.positions.size(); ++i) {
        Vertex vertex;
        vertex.position = mesh.positions[i];
        vertex.normal = normals[i];
        const JointWeights weights = softWeights(rig.joints, vertex.position);
        vertex.joints = weights.joints;
        vertex.weights = weights.weights;
        int first = -1, second = -1;
        float firstDistance = 1e9f, secondDistance = 1e9f, fat = 1e9f;
        for (std::size_t s = 0; s < solids.size(); ++s) {
            const float d = solids[s].field.sample(vertex.position);
            fat = std::min(fat, d);
            if (muscleOf[s] < 0) continue;
            if (d < firstDistance) {
                second = first, secondDistance = firstDistance;
                first = muscleOf[s], firstDistance = d;
            } else if (d < secondDistance) {
                second = muscleOf[s], secondDistance = d;
            }
        }
        // Fat does not give way: a bulge arrives but for what the wider girth takes of it; the nearer of two
        // muscles leads. Toes hold no belly: their skin and nails keep to the bones.
        float toes = 0;
        for (std::size_t k = 0; k < 4; ++k)
            if (rig.joints[weights.joints[k]].id == "toes") toes += static_cast<float>(weights.weights[k]);
        const auto arrives = [&](float d) {
            return (1 - toes / 255.0f) * std::exp(-std::max(d, 0.0f) / 60.0f);
        };
        const float a = arrives(firstDistance), b = arrives(secondDistance);
        const float lead = a * a / std::max(a * a + b * b, 1e-9f);
        const auto write = [&](std::size_t at, int muscle, float share) {
            vertex.tissue[at] = static_cast<float>(share > 0.02f ? muscle : -1);
            if (muscle >= 0 && share > 0.02f) {
                vertex.tissue[at + 1] =
                    nearestOnCurve(rig.muscles[static_cast<std::size_t>(muscle)].line, vertex.position).arc;
                vertex.tissue[at + 2] = share;
            }
        };
        write(0, first, a * lead);
        vertex.tissue[3] = std::max(fat, 0.0f);
        write(4, second, b * (1.0f - lead));
        part.vertices.push_back(vertex);
    }
    return part;
}

LegPart wrapPart(const Wrap& wrap, const Mesh& mesh, const anatomy::Rig& rig,
                 const std::vector<Solid>& solids) {
    LegPart part;
    if (!wrap.rigid) {
        part = skinPart(mesh, rig, solids);
    } else {
        const std::vector<glm::vec3> normals = vertexNormals(mesh);
        const JointWeights whole = rigidWeights(rig.joints, wrap.joint);
        part.indices = mesh.indices;
        for (std::size_t i = 0; i < mesh.positions.size(); ++i) {
            Vertex vertex;
            vertex.position = mesh.positions[i];
            vertex.normal = normals[i];
            vertex.joints = whole.joints;
            vertex.weights = whole.weights;
            part.vertices.push_back(vertex);
        }
    }
    part.id = wrap.id;
    part.tissue = wrap.tissue;
    part.layer = wrap.layer;
    return part;
}

void orderForDrawing(LegPart& part) {
    if (part.indices.empty()) return;
    meshopt_optimizeVertexCache(part.indices.data(), part.indices.data(), part.indices.size(),
                                part.vertices.size());
    const std::size_t used =
        meshopt_optimizeVertexFetch(part.vertices.data(), part.indices.data(), part.indices.size(),
                                    part.vertices.data(), part.vertices.size(), sizeof(Vertex));
    part.vertices.resize(used);
}

} // namespace pump::builder
