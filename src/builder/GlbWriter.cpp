#include "builder/GlbWriter.h"

#include "anatomy/GltfFrame.h"
#include "core/Error.h"

#include <fmt/format.h>

#include <cstring>
#include <fstream>
#include <iterator>

namespace pump::builder {
namespace {

using Out = std::back_insert_iterator<std::string>;

std::array<float, 3> rgbOf(anatomy::Tissue tissue) {
    using anatomy::Tissue;
    switch (tissue) { // linear base colours, for other viewers; the program has its own look
    case Tissue::Bone:
        return {0.78f, 0.70f, 0.55f};
    case Tissue::Cartilage:
        return {0.70f, 0.78f, 0.80f};
    case Tissue::Muscle:
        return {0.45f, 0.08f, 0.07f};
    case Tissue::Tendon:
        return {0.75f, 0.70f, 0.60f};
    case Tissue::Vein:
        return {0.06f, 0.10f, 0.35f};
    case Tissue::Artery:
        return {0.55f, 0.03f, 0.03f};
    case Tissue::Valve:
        return {0.75f, 0.70f, 0.75f};
    case Tissue::Nerve:
        return {0.75f, 0.62f, 0.15f};
    case Tissue::Fascia:
        return {0.65f, 0.65f, 0.62f};
    case Tissue::Fat:
        return {0.78f, 0.60f, 0.25f};
    case Tissue::Skin:
        return {0.62f, 0.38f, 0.28f};
    default:
        return {0.30f, 0.55f, 0.30f};
    }
}

constexpr std::size_t kTissueCount = 12;

/// Raw little-endian values, kept apart by attribute so that each has one buffer view.
struct Buffers {
    std::vector<float> positions, normals, weights;
    std::array<std::vector<float>, 4> texcoords;
    std::vector<std::uint8_t> joints;
    std::vector<std::uint32_t> indices;
    std::vector<float> inverseBinds;
};

struct View {
    const void* bytes;
    std::size_t size;
    std::size_t stride; ///< 0: none
    int target;         ///< 34962 vertices, 34963 indices, 0 neither
};

class GlbBuilder {
  public:
    explicit GlbBuilder(const GlbDesc& desc) : m_desc(desc) {}

    std::vector<std::uint8_t> run() {
        for (const LegPart& part : m_desc.parts) addPart(part);
        addSkin();
        return assemble();
    }

  private:
    int accessor(int view, std::size_t offset, std::size_t count, int component, std::string_view type,
                 const std::string& extra = {}) {
        fmt::format_to(
            Out(m_accessors),
            "{}{{\"bufferView\":{},\"byteOffset\":{},\"componentType\":{},\"count\":{},\"type\":\"{}\"{}}}",
            m_accessorCount ? "," : "", view, offset, component, count, type, extra);
        return m_accessorCount++;
    }

    void addPart(const LegPart& part) {
        const std::size_t first = m_buffers.positions.size() / 3, count = part.vertices.size();
        const std::size_t firstIndex = m_buffers.indices.size();
        glm::vec3 low(1e9f), high(-1e9f);
        for (const anatomy::Vertex& vertex : part.vertices) {
            const glm::vec3 p = anatomy::positionToGltf(vertex.position);
            const glm::vec3 n = anatomy::directionToGltf(vertex.normal);
            low = glm::min(low, p);
            high = glm::max(high, p);
            m_buffers.positions.insert(m_buffers.positions.end(), {p.x, p.y, p.z});
            m_buffers.normals.insert(m_buffers.normals.end(), {n.x, n.y, n.z});
            for (std::size_t k = 0; k < 4; ++k) {
                m_buffers.texcoords[k].insert(m_buffers.texcoords[k].end(),
                                              {vertex.tissue[2 * k], vertex.tissue[2 * k + 1]});
                m_buffers.joints.push_back(vertex.weights[k] ? vertex.joints[k] : std::uint8_t{0});
                m_buffers.weights.push_back(static_cast<float>(vertex.weights[k]) / 255.0f);
            }
        }
        m_buffers.indices.insert(m_buffers.indices.end(), part.indices.begin(), part.indices.end());
        const auto bound = [](const glm::vec3& v) { return fmt::format("[{},{},{}]", v.x, v.y, v.z); };
        const int position = accessor(0, first * 12, count, 5126, "VEC3",
                                      fmt::format(",\"min\":{},\"max\":{}", bound(low), bound(high)));
        const int normal = accessor(1, first * 12, count, 5126, "VEC3");
        std::string attributes = fmt::format("\"POSITION\":{},\"NORMAL\":{}", position, normal);
        for (int k = 0; k < 4; ++k)
            attributes +=
                fmt::format(",\"TEXCOORD_{}\":{}", k, accessor(2 + k, first * 8, count, 5126, "VEC2"));
        attributes += fmt::format(",\"JOINTS_0\":{}", accessor(6, first * 4, count, 5121, "VEC4"));
        attributes += fmt::format(",\"WEIGHTS_0\":{}", accessor(7, first * 16, count, 5126, "VEC4"));
        const int index = accessor(8, firstIndex * 4, part.indices.size(), 5125, "SCALAR");
        fmt::format_to(
            Out(m_meshes),
            "{}{{\"name\":\"{}\",\"primitives\":[{{\"attributes\":{{{}}},\"indices\":{},\"material\":{}}}]}}",
            m_meshCount ? "," : "", part.id, attributes, index, static_cast<int>(part.tissue));
        fmt::format_to(
            Out(m_nodes),
            "{{\"name\":\"{}\",\"mesh\":{},\"skin\":0,\"extras\":{{\"id\":\"{}\",\"tissue\":\"{}\","
            "\"layer\":\"{}\"}}}},",
            part.id, m_meshCount, part.id, anatomy::tissueId(part.tissue), anatomy::layerId(part.layer));
        ++m_meshCount;
    }

    void addSkin() {
        const auto& joints = m_desc.joints;
        std::string list;
        for (std::size_t j = 0; j < joints.size(); ++j) {
            const glm::vec3 pivot = anatomy::positionToGltf(joints[j].pivot);
            const glm::vec3 parent =
                joints[j].parent < 0
                    ? glm::vec3(0)
                    : anatomy::positionToGltf(joints[static_cast<std::size_t>(joints[j].parent)].pivot);
            std::string children;
            for (std::size_t c = 0; c < joints.size(); ++c)
                if (joints[c].parent == static_cast<int>(j))
                    children += fmt::format("{}{}", children.empty() ? "" : ",",
                                            static_cast<std::size_t>(m_meshCount) + c);
            if (!children.empty()) children = ",\"children\":[" + children + "]";
            const glm::vec3 step = pivot - parent;
            fmt::format_to(Out(m_nodes), "{{\"name\":\"joint-{}\",\"translation\":[{},{},{}]{}}}{}",
                           joints[j].id, step.x, step.y, step.z, children, j + 1 < joints.size() ? "," : "");
            list += fmt::format("{}{}", j ? "," : "", static_cast<std::size_t>(m_meshCount) + j);
            const std::array<float, 16> inverse = {1, 0, 0, 0, 0,        1,        0,        0,
                                                   0, 0, 1, 0, -pivot.x, -pivot.y, -pivot.z, 1};
            m_buffers.inverseBinds.insert(m_buffers.inverseBinds.end(), inverse.begin(), inverse.end());
        }
        const int binds = accessor(9, 0, joints.size(), 5126, "MAT4");
        m_skin = fmt::format("{{\"inverseBindMatrices\":{},\"joints\":[{}],\"skeleton\":{}}}", binds, list,
                             m_meshCount);
    }

    std::string json(const std::vector<View>& views, std::size_t byteLength) const {
        std::string viewText, materials, roots;
        std::size_t offset = 0;
        for (const View& view : views) {
            fmt::format_to(Out(viewText), "{}{{\"buffer\":0,\"byteOffset\":{},\"byteLength\":{}",
                           offset ? "," : "", offset, view.size);
            if (view.stride) fmt::format_to(Out(viewText), ",\"byteStride\":{}", view.stride);
            if (view.target) fmt::format_to(Out(viewText), ",\"target\":{}", view.target);
            viewText += '}';
            offset += view.size;
        }
        for (std::size_t t = 0; t < kTissueCount; ++t) {
            const auto tissue = static_cast<anatomy::Tissue>(t);
            const auto rgb = rgbOf(tissue);
            fmt::format_to(Out(materials),
                           "{}{{\"name\":\"{}\",\"pbrMetallicRoughness\":{{\"baseColorFactor\":[{},{},{},1],"
                           "\"metallicFactor\":0,\"roughnessFactor\":0.6}}}}",
                           t ? "," : "", anatomy::tissueId(tissue), rgb[0], rgb[1], rgb[2]);
        }
        for (int i = 0; i < m_meshCount; ++i) fmt::format_to(Out(roots), "{},", i);
        for (std::size_t j = 0; j < m_desc.joints.size(); ++j)
            if (m_desc.joints[j].parent < 0)
                fmt::format_to(Out(roots), "{},", static_cast<std::size_t>(m_meshCount) + j);
        roots.pop_back();
        return fmt::format(
            "{{\"asset\":{{\"version\":\"2.0\",\"generator\":\"leg-builder\",\"copyright\":\"{}\"}},"
            "\"scene\":0,\"scenes\":[{{\"nodes\":[{}]}}],\"nodes\":[{}],\"meshes\":[{}],"
            "\"skins\":[{}],\"materials\":[{}],\"accessors\":[{}],\"bufferViews\":[{}],"
            "\"buffers\":[{{\"byteLength\":{}}}]}}",
            m_desc.credit, roots, m_nodes, m_meshes, m_skin, materials, m_accessors, viewText, byteLength);
    }

    std::vector<std::uint8_t> assemble() const {
        const auto floats = [](const std::vector<float>& v, std::size_t stride) {
            return View{v.data(), v.size() * 4, stride, stride ? 34962 : 0};
        };
        std::vector<View> views = {floats(m_buffers.positions, 12), floats(m_buffers.normals, 12)};
        for (const auto& texcoord : m_buffers.texcoords) views.push_back(floats(texcoord, 8));
        views.push_back({m_buffers.joints.data(), m_buffers.joints.size(), 4, 34962});
        views.push_back(floats(m_buffers.weights, 16));
        views.push_back({m_buffers.indices.data(), m_buffers.indices.size() * 4, 0, 34963});
        views.push_back(floats(m_buffers.inverseBinds, 0));
        std::size_t byteLength = 0;
        for (const View& view : views) byteLength += view.size; // all are multiples of four
        std::string text = json(views, byteLength);
        while (text.size() % 4) text += ' ';
        std::vector<std::uint8_t> bytes;
        bytes.reserve(28 + text.size() + byteLength);
        const auto word = [&](std::size_t value) {
            for (int shift = 0; shift < 32; shift += 8)
                bytes.push_back(static_cast<std::uint8_t>((value >> shift) & 0xff));
        };
        word(0x46546C67), word(2), word(28 + text.size() + byteLength);
        word(text.size()), word(0x4E4F534A);
        bytes.insert(bytes.end(), text.begin(), text.end());
        word(byteLength), word(0x004E4942);
        for (const View& view : views) {
            const auto* from = static_cast<const std::uint8_t*>(view.bytes);
            bytes.insert(bytes.end(), from, from + view.size);
        }
        return bytes;
    }

    const GlbDesc& m_desc;
    Buffers m_buffers;
    std::string m_nodes, m_meshes, m_accessors, m_skin;
    int m_meshCount = 0, m_accessorCount = 0;
};

} // namespace

std::vector<std::uint8_t> makeGlb(const GlbDesc& desc) {
    return GlbBuilder(desc).run();
}

void writeFile(const std::filesystem::path& file, const void* bytes, std::size_t size) {
    std::ofstream stream(file, std::ios::binary);
    stream.write(static_cast<const char*>(bytes), static_cast<std::streamsize>(size));
    if (!stream.flush())
        throw core::Error(core::ErrorKind::Usage,
                          "{}: cannot be written; check the folder and the free space", file.string());
}

} // namespace pump::builder
