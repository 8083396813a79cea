#include "flesh/Settle.h"

#include "builder/Solids.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>
#include <thread>

namespace pump::flesh {

namespace {

constexpr std::size_t kShapes = anatomy::kCorrectionShapes, kWeights = anatomy::kCorrectionWeights;
constexpr int kSweeps = 6; // that gain nothing
constexpr int kRounds = 30;
constexpr int kLooks = 3,
              kParting = 25; // at what bodies run into, and rounds in which they are parted after each
constexpr float kNear = 0.05f, kStep = 1.5f; // mm: so far in is out, and moved by so much at most in a round
constexpr double kStill = 0.02; // weight of poses in which nothing turns over, against those where it does
// Of that weight holds shapes to what was solved: more freedom parts the poses looked at, and spoils those
// between them. Triangles are mended more loosely, but further than this, mm, over all poses, as firmly.
constexpr double kHeld = 0.4, kHeldLoosely = 0.1, kFar = 1.2;
// Shares of a triangle's area at rest, both seen along its normals: what it is given back when it has less.
constexpr float kWanted = 0.2f, kLeast = 0.1f;
constexpr float kRounding = 0.03f, kMostSpare = 0.5f; // mm; of the area

using Weight = std::array<double, kShapes>;
using Square = std::array<Weight, kShapes>;

void addProduct(Square& sum, const Weight& w, double share) {
    for (std::size_t r = 0; r < kShapes; ++r)
        for (std::size_t c = 0; c < kShapes; ++c) sum[r][c] += share * w[r] * w[c];
}

/// a x = b for a positive definite a, each component of b by itself.
std::array<glm::dvec3, kShapes> solved(Square a, std::array<glm::dvec3, kShapes> b) {
    for (std::size_t i = 0; i < kShapes; ++i)
        for (std::size_t r = i + 1; r < kShapes; ++r) {
            const double share = a[r][i] / a[i][i];
            for (std::size_t c = i; c < kShapes; ++c) a[r][c] -= share * a[i][c];
            b[r] -= share * b[i];
        }
    for (std::size_t i = kShapes; i-- > 0;) {
        for (std::size_t c = i + 1; c < kShapes; ++c) b[i] -= a[i][c] * b[c];
        b[i] /= a[i][i];
    }
    return b;
}

/// What a muscle that never had to give way can be bent by: bends of the joints that it may pass.
Weight ownWeight(const render::PoseFeatures& f) {
    return {static_cast<double>(f[0]), static_cast<double>(f[0] * f[0]), static_cast<double>(f[5]),
            static_cast<double>(f[4])};
}

std::size_t muscleIndex(const anatomy::LegModel& leg, const Body& body) {
    return static_cast<std::size_t>(leg.structures[static_cast<std::size_t>(body.structure)].muscle);
}

/// Muscles without shapes get weights that shapes can be made for.
void giveOwnWeights(const anatomy::LegModel& leg, const std::vector<ChosenPose>& poses,
                    FittedShapes& fitted) {
    for (std::size_t m = 0; m < leg.rig.muscles.size(); ++m) {
        const auto any = [&](const std::vector<double>& weights) {
            const auto first = weights.begin() + static_cast<std::ptrdiff_t>(m * kWeights);
            return std::any_of(first, first + kShapes, [](double weight) { return weight != 0; });
        };
        if (std::any_of(fitted.weights.begin(), fitted.weights.end(), any)) continue;
        for (std::size_t p = 0; p < poses.size(); ++p)
            for (std::size_t k = 0; k < kShapes; ++k)
                fitted.weights[p][m * kWeights + k] = ownWeight(poses[p].features)[k];
    }
}

/// Scales shapes into the range of the numbers that hold them, and weights the other way.
void intoRange(const anatomy::LegModel& leg, const Relaxer& level, FittedShapes& fitted) {
    for (std::size_t m = 0; m < leg.rig.muscles.size(); ++m)
        for (std::size_t k = 0; k < kShapes; ++k) {
            float largest = 0;
            const auto forEachVertex = [&](auto&& work) {
                for (std::size_t b = 0; b < level.bodies().size(); ++b)
                    if (muscleIndex(leg, level.bodies()[b]) == m)
                        for (std::size_t i = level.firstOf()[b]; i < level.firstOf()[b + 1]; ++i)
                            work(fitted.shapes[k][i]);
            };
            forEachVertex([&](const glm::vec3& v) {
                for (int c = 0; c < 3; ++c) largest = std::max(largest, std::abs(v[c]));
            });
            if (largest <= 0) continue;
            forEachVertex([&](glm::vec3& v) { v *= 511 / largest; });
            for (auto& weights : fitted.weights)
                weights[m * kWeights + k] *= static_cast<double>(largest / 511);
        }
}

/// One body in all poses.
class Settler {
  public:
    Settler(const anatomy::LegModel& leg, const Body& body, std::vector<Weight> weights)
        : m_body(body), m_weights(std::move(weights)) {
        for (auto& shape : m_shapes) shape.assign(body.count, glm::dvec3(0));
        m_solved = m_shapes;
        for (const Weight& w : m_weights) addProduct(m_still, w, kStill);
        for (std::size_t k = 0; k < kShapes; ++k) m_still[k][k] += 1e-9 + 1e-6 * trace(m_still);
        for (std::size_t i = 0; i + 2 < body.indices.size(); i += 3) {
            const auto rest = [&](std::size_t k) -> const anatomy::Vertex& {
                return leg.vertices[body.first + body.indices[i + k]];
            };
            m_areas.push_back(areaAlong(glm::normalize(rest(0).normal + rest(1).normal + rest(2).normal),
                                        [&](std::size_t k) { return rest(k).position; }));
        }
    }
    std::vector<Placement> placed; ///< of each pose, without shapes
    /// What is to be parted in each pose; empty: nothing is.
    std::vector<std::vector<Obstacle>> obstacles;

    void start(std::size_t shape, std::uint32_t vertex, const glm::dvec3& by) {
        m_shapes[shape][vertex] = m_solved[shape][vertex] = by;
    }
    const glm::dvec3& shape(std::size_t k, std::uint32_t vertex) const { return m_shapes[k][vertex]; }

    std::vector<glm::vec3> positions(std::size_t p) const {
        std::vector<glm::vec3> now = placed[p].position;
        for (std::uint32_t v = 0; v < m_body.count; ++v) {
            glm::dvec3 offset(0);
            for (std::size_t k = 0; k < kShapes; ++k) offset += m_shapes[k][v] * m_weights[p][k];
            now[v] += turnedBy(placed[p].turn[v], offset);
        }
        return now;
    }

    /// Rounds that move vertices out of what is in their way, and not far from what was solved.
    void part() {
        std::vector<std::size_t> all(placed.size());
        std::iota(all.begin(), all.end(), 0u);
        for (int i = 0; i < kParting; ++i) {
            std::vector<std::size_t> some = all;
            round(some, Hold::Firm);
        }
        obstacles.clear();
    }

    /// Rounds until nothing is turned over in any pose, or too many. Returns how many triangles are left.
    std::size_t settle() {
        m_solved = m_shapes;
        std::vector<std::size_t> all(placed.size()), some;
        std::iota(all.begin(), all.end(), 0u);
        std::size_t fewest = std::numeric_limits<std::size_t>::max();
        for (int sweep = 0, since = 0;; ++sweep) {
            some = all;
            const std::size_t turned = round(some, Hold::Loose, since < kSweeps);
            since = turned < fewest ? 0 : since + 1;
            fewest = std::min(fewest, turned);
            if (turned == 0 || since > kSweeps) return turned;
            for (int i = 0; i < kRounds && !some.empty(); ++i) round(some, Hold::Loose);
        }
    }

  private:
    enum class Hold { Firm, Loose }; ///< to what was solved; Loose: the more the further away

    /// One round over these poses, of which those stay in which a triangle was turned over. Returns how many.
    std::size_t round(std::vector<std::size_t>& poses, Hold hold, bool change = true) {
        std::vector<Square> seen(m_body.count);
        std::vector<std::array<glm::dvec3, kShapes>> wanted(m_body.count);
        std::vector<std::uint8_t> moved(m_body.count, 0);
        std::size_t turned = 0;
        std::vector<std::size_t> still;
        for (const std::size_t p : poses) {
            const std::size_t before = turned;
            const std::vector<glm::vec3> now = positions(p);
            std::vector<glm::vec3> by(m_body.count, glm::vec3(0));
            std::vector<int> times(m_body.count, 0);
            for (std::uint32_t i = 0; i + 2 < m_body.indices.size(); i += 3)
                if (m_areas[i / 3] > 0) turned += mend(p, i, now, by, times);
            if (turned > before) still.push_back(p);
            if (!obstacles.empty())
                for (const Obstacle& o : obstacles[p]) {
                    const float missing = o.least - glm::dot(now[o.vertex], o.out);
                    if (missing < kNear) continue;
                    by[o.vertex] += o.out * std::min(missing, kStep);
                    ++times[o.vertex];
                }
            for (std::uint32_t v = 0; v < m_body.count; ++v) {
                if (times[v] == 0) continue;
                const glm::dvec3 back = turnedBack(placed[p].turn[v], by[v] / static_cast<float>(times[v]));
                if (!moved[v]) seen[v] = m_still;
                moved[v] = 1;
                addProduct(seen[v], m_weights[p], 1);
                for (std::size_t k = 0; k < kShapes; ++k) wanted[v][k] += m_weights[p][k] * back;
            }
        }
        for (std::uint32_t v = 0; v < m_body.count; ++v) {
            if (!moved[v] || !change) continue;
            std::array<glm::dvec3, kShapes> back{};
            double far = 0; // mm^2, mean of the poses
            for (std::size_t k = 0; k < kShapes; ++k) {
                for (std::size_t j = 0; j < kShapes; ++j)
                    back[k] += m_still[k][j] * (m_shapes[j][v] - m_solved[j][v]);
                far += glm::dot(back[k], m_shapes[k][v] - m_solved[k][v]) /
                       (kStill * static_cast<double>(placed.size()));
            }
            const double held =
                hold == Hold::Firm ? kHeld : kHeldLoosely * std::min(1.0, far / (kFar * kFar));
            for (std::size_t k = 0; k < kShapes; ++k) wanted[v][k] -= held * back[k];
            const auto by = solved(seen[v], wanted[v]);
            for (std::size_t k = 0; k < kShapes; ++k) m_shapes[k][v] += by[k];
        }
        poses = std::move(still);
        return turned;
    }

    static float areaAlong(const glm::vec3& n, auto&& corner) {
        return glm::dot(n, glm::cross(corner(1) - corner(0), corner(2) - corner(0))) / 2;
    }

    static double trace(const Square& a) {
        double sum = 0;
        for (std::size_t k = 0; k < kShapes; ++k) sum += a[k][k];
        return sum;
    }

    /// Corners of a triangle that is turned over, moved as little as it takes: along the slope of its area.
    bool mend(std::size_t p, std::uint32_t i, const std::vector<glm::vec3>& now, std::vector<glm::vec3>& by,
              std::vector<int>& times) const {
        const std::uint32_t* v = &m_body.indices[i];
        const auto& normal = placed[p].normal;
        const glm::vec3 sum = normal[v[0]] + normal[v[1]] + normal[v[2]];
        const auto corner = [&](std::size_t k) { return now[v[k]]; };
        const float whole = m_areas[i / 3];
        // Most triangles are far from turning over; the sum of three normals is at most 3 long.
        if (areaAlong(sum, corner) > 3 * (kLeast + kMostSpare) * whole) return false;
        const glm::vec3 n = glm::normalize(sum);
        const float area = areaAlong(n, corner);
        // Offsets are written with few bits: a sliver must not turn over by what they leave out.
        float longest = 0;
        for (std::size_t k = 0; k < 3; ++k)
            longest = std::max(longest, glm::distance(now[v[k]], now[v[(k + 1) % 3]]));
        const float spare = std::min(kRounding * longest, kMostSpare * whole);
        if (area > kLeast * whole + spare) return false;
        std::array<glm::vec3, 3> slope;
        float steep = 1e-6f;
        for (std::size_t k = 0; k < 3; ++k) {
            slope[k] = glm::cross(now[v[(k + 1) % 3]] - now[v[(k + 2) % 3]], n) * 0.5f;
            steep += glm::dot(slope[k], slope[k]);
        }
        for (std::size_t k = 0; k < 3; ++k) {
            by[v[k]] += slope[k] * ((kWanted * whole + spare - area) / steep);
            ++times[v[k]];
        }
        return true;
    }

    const Body& m_body;
    std::vector<float> m_areas;    ///< of each triangle at rest, seen along its normals, mm^2
    std::vector<Weight> m_weights; ///< of each pose
    Square m_still{};
    std::array<std::vector<glm::dvec3>, kShapes> m_shapes, m_solved; ///< as they are, and were at first
};

} // namespace

std::size_t settle(const anatomy::LegModel& leg, const Relaxer& level, const PoseChoice& choice,
                   FittedShapes& fitted) {
    std::vector<const ChosenPose*> poses;
    for (const auto* list : {&choice.solved, &choice.between})
        for (const ChosenPose& pose : *list) poses.push_back(&pose);
    std::vector<render::FrameTables> frames;
    for (const ChosenPose* pose : poses) frames.push_back(level.frameOf(pose->sample));
    giveOwnWeights(leg, choice.solved, fitted);
    std::vector<render::PoseFeatures> features;
    for (const ChosenPose& pose : choice.solved) features.push_back(pose.features);
    fitted.common.rows = rowsThrough(features, fitted.weights);
    Weights allWeights = fitted.weights;
    for (const ChosenPose& pose : choice.between) {
        const std::vector<float> here = render::CorrectionWeights::at(fitted.common, pose.features);
        allWeights.emplace_back(here.begin(), here.end());
    }
    const auto forEach = [](std::size_t count, auto&& work) {
        builder::parallelFor(count, std::max(1u, std::thread::hardware_concurrency()), work);
    };
    std::vector<std::unique_ptr<Settler>> settlers(level.bodies().size());
    const auto start = [&](std::size_t b) {
        const Body& body = level.bodies()[b];
        const std::size_t muscle = muscleIndex(leg, body);
        std::vector<Weight> weights(poses.size());
        for (std::size_t p = 0; p < poses.size(); ++p)
            for (std::size_t k = 0; k < kShapes; ++k) weights[p][k] = allWeights[p][muscle * kWeights + k];
        settlers[b] = std::make_unique<Settler>(leg, body, std::move(weights));
        for (const render::FrameTables& frame : frames)
            level.place(frame, b, settlers[b]->placed.emplace_back());
        for (std::size_t k = 0; k < kShapes; ++k)
            for (std::uint32_t v = 0; v < body.count; ++v)
                settlers[b]->start(k, v, fitted.shapes[k][level.firstOf()[b] + v]);
    };
    std::atomic<std::size_t> left = 0;
    const auto finish = [&](std::size_t b) {
        left += settlers[b]->settle();
        for (std::size_t k = 0; k < kShapes; ++k)
            for (std::uint32_t v = 0; v < level.bodies()[b].count; ++v)
                fitted.shapes[k][level.firstOf()[b] + v] = settlers[b]->shape(k, v);
        settlers[b].reset();
    };
    if (level.contacts() == Contacts::Unknown) {
        forEach(settlers.size(), [&](std::size_t b) { start(b), finish(b); });
    } else {
        forEach(settlers.size(), start);
        for (int look = 0; look < kLooks; ++look) {
            for (auto& settler : settlers) settler->obstacles.resize(poses.size());
            // At rest the leg is as built.
            forEach(poses.size() - 1, [&](std::size_t i) {
                const std::size_t p = i + 1;
                std::vector<glm::vec3> now;
                for (const auto& settler : settlers) {
                    const std::vector<glm::vec3> of = settler->positions(p);
                    now.insert(now.end(), of.begin(), of.end());
                }
                auto found = level.obstacles(poses[p]->sample, frames[p], std::move(now));
                for (std::size_t b = 0; b < settlers.size(); ++b)
                    settlers[b]->obstacles[p] = std::move(found[b]);
            });
            forEach(settlers.size(), [&](std::size_t b) { settlers[b]->part(); });
        }
        forEach(settlers.size(), finish);
    }
    intoRange(leg, level, fitted);
    fitted.common.rows = rowsThrough(features, fitted.weights);
    return left;
}

} // namespace pump::flesh
