// File: the text "PUMPFLSH", then 32-bit little-endian words: version, features, muscles, poses, shapes,
// parts; centres and rows as in Corrections; for each part the length of its name, the name, filled up with
// zeros to whole words, its vertices, and its offsets.
#include "anatomy/Corrections.h"

#include "anatomy/LegModel.h"
#include "core/Error.h"

#include <algorithm>
#include <cstring>
#include <fstream>

namespace pump::anatomy {

namespace {

constexpr char kMagic[9] = "PUMPFLSH";
constexpr std::uint32_t kVersion = 1;

class Reader {
  public:
    explicit Reader(const std::filesystem::path& file) : m_file(file.string()) {
        std::ifstream in(file, std::ios::binary | std::ios::ate);
        m_bytes.resize(in ? static_cast<std::size_t>(in.tellg()) : 0);
        in.seekg(0);
        if (!in.read(m_bytes.data(), static_cast<std::streamsize>(m_bytes.size()))) fail("cannot be read");
    }
    [[noreturn]] void fail(const std::string& what) const {
        throw core::Error(core::ErrorKind::Asset, "{}: {}; build the leg again", m_file, what);
    }
    void take(void* to, std::size_t size) {
        if (size > m_bytes.size() - m_at) fail("ends early");
        std::memcpy(to, m_bytes.data() + m_at, size);
        m_at += size;
    }
    std::uint32_t word(std::uint32_t most, const char* name) {
        std::uint32_t value = 0;
        take(&value, sizeof value);
        if (value > most)
            fail(std::string(name) + " is " + std::to_string(value) + ", at most " + std::to_string(most));
        return value;
    }

  private:
    std::string m_file;
    std::vector<char> m_bytes;
    std::size_t m_at = 0;
};

} // namespace

void writeCorrections(const std::filesystem::path& file, const Corrections& common,
                      const std::vector<CorrectionPart>& parts) {
    std::ofstream out(file, std::ios::binary);
    const auto put = [&](const void* from, std::size_t size) {
        out.write(static_cast<const char*>(from), static_cast<std::streamsize>(size));
    };
    const auto word = [&](std::size_t value) {
        const auto narrow = static_cast<std::uint32_t>(value);
        put(&narrow, sizeof narrow);
    };
    put(kMagic, 8);
    for (const std::size_t value :
         {std::size_t{kVersion}, std::size_t{common.features}, std::size_t{common.muscles}, common.poses(),
          kCorrectionShapes, parts.size()})
        word(value);
    put(common.centres.data(), common.centres.size() * sizeof(float));
    put(common.rows.data(), common.rows.size() * sizeof(float));
    for (const CorrectionPart& part : parts) {
        std::string name = part.structure;
        word(name.size());
        name.resize((name.size() + 3) / 4 * 4, '\0');
        put(name.data(), name.size());
        word(part.offsets.size());
        put(part.offsets.data(), part.offsets.size() * sizeof(part.offsets[0]));
    }
    if (!out) throw core::Error(core::ErrorKind::Usage, "{}: cannot be written", file.string());
}

Corrections readCorrections(const std::filesystem::path& file, const LegModel& leg) {
    Reader in(file);
    char magic[8];
    in.take(magic, 8);
    if (std::memcmp(magic, kMagic, 8) != 0) in.fail("is no file of corrections");
    if (in.word(1000, "version") != kVersion) in.fail("is of another version");
    Corrections result;
    result.features = in.word(64, "features");
    result.muscles = in.word(1000, "muscles");
    const std::uint32_t poses = in.word(4096, "poses"), shapes = in.word(64, "shapes"),
                        parts = in.word(10000, "parts");
    if (shapes != kCorrectionShapes) in.fail("has another number of shapes");
    if (result.muscles != leg.rig.muscles.size()) in.fail("was made for a leg with other muscles");
    result.centres.resize(std::size_t{poses} * result.features);
    in.take(result.centres.data(), result.centres.size() * sizeof(float));
    result.rows.resize((std::size_t{poses} + 1) * result.muscles * kCorrectionWeights);
    in.take(result.rows.data(), result.rows.size() * sizeof(float));
    result.firstOf.assign(leg.structures.size(), -1);
    for (std::uint32_t i = 0; i < parts; ++i) {
        std::string name(in.word(200, "length of a name"), '\0');
        const std::size_t size = name.size();
        name.resize((size + 3) / 4 * 4);
        in.take(name.data(), name.size());
        name.resize(size);
        const auto found = std::find_if(leg.structures.begin(), leg.structures.end(),
                                        [&](const Structure& s) { return s.id == name; });
        const std::uint32_t count = in.word(10000000, "vertices");
        if (found == leg.structures.end() || found->vertexCount != count)
            in.fail("'" + name + "' was made for another leg");
        result.firstOf[static_cast<std::size_t>(found - leg.structures.begin())] =
            static_cast<std::int32_t>(result.offsets.size());
        result.offsets.resize(result.offsets.size() + count);
        in.take(result.offsets.data() + result.offsets.size() - count, count * sizeof(result.offsets[0]));
    }
    return result;
}

} // namespace pump::anatomy
