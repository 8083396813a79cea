// How muscles part the space between them. Each muscle m has a measured distance d_m; grown by the share g_m
// of its section's radius R_m it becomes e_m = d_m - g_m R_m. A place belongs to the muscle with the least
// e_m below zero (an additively weighted Voronoi division), and not at all to muscles inside bone or tendon,
// nor to one that would have to grow through a membrane or a bone to it. The g_m are solved so that each
// muscle gets its volume: the measured one times SolidRow::volumeRatio. The solver's grid is coarse; what the
// packed fields then hold differs, and a second solution corrects for it.
#include "builder/Aponeurosis.h"

#include <algorithm>
#include <cmath>

namespace pump::builder {
namespace {

constexpr float kGap = 0.5f;      ///< mm between two muscles
constexpr float kBoneGap = 0.25f; ///< mm between a muscle and what it gives way to
constexpr float kFar = 40.0f;
constexpr float kKnee = 374; ///< mm

bool boxesMeet(const Field& a, const Field& b) {
    const glm::vec3 highA = a.position(a.size.x - 1, a.size.y - 1, a.size.z - 1);
    const glm::vec3 highB = b.position(b.size.x - 1, b.size.y - 1, b.size.z - 1);
    return glm::all(glm::lessThan(a.origin, highB)) && glm::all(glm::lessThan(b.origin, highA));
}

/// What a muscle does not grow through or round.
struct Wall {
    const Field* field = nullptr;
    float depth = 0; ///< mm: places deeper in it than this are blocked
};

/// Membranes, and bones (whose surface a muscle may follow, but not to their other side).
std::vector<Wall> wallsOf(const std::vector<Solid>& solids, const Solid& muscle) {
    std::vector<Wall> walls;
    for (const Solid& solid : solids) {
        if (!boxesMeet(solid.field, muscle.field)) continue;
        if (solid.row->tissue == anatomy::Tissue::Bone)
            walls.push_back({&solid.field, -1.0f});
        else if (solid.row->fixed && solid.row->tissue == anatomy::Tissue::Fascia && solid.sections)
            walls.push_back({&solid.field, 0.1f});
    }
    return walls;
}

/// Distance to the wall that lies between a place outside the measured shape and the part of it nearest to
/// the place; -kFar when none does.
float beyondWall(const Solid& muscle, const std::vector<Wall>& walls, const glm::vec3& p, float measured) {
    if (walls.empty() || measured < 0.5f || measured > 20.0f) return -kFar;
    const glm::vec3 back = -muscle.field.gradient(p);
    for (const Wall& wall : walls) {
        if (!wall.field->contains(p)) continue;
        const float here = wall.field->sample(p);
        if (here > measured) continue; // too far to lie between
        for (float along = 0; along <= measured; along += 0.5f)
            if (wall.field->sample(p + along * back) < wall.depth) return here;
    }
    return -kFar;
}

/// The middles of a measured shape at every kSlab mm along its axis.
std::vector<glm::vec3> middlesOf(const Solid& muscle) {
    std::vector<glm::vec4> sums;
    Field shape = muscle.field;
    mapField(shape, [&](const glm::vec3& p, float d) {
        if (d >= 0) return d;
        const auto slab = static_cast<std::size_t>(std::max(muscle.slabAt(p), 0.0f));
        if (slab >= sums.size()) sums.resize(slab + 1);
        sums[slab] += glm::vec4(p, 1);
        return d;
    });
    std::vector<glm::vec3> middles;
    for (const glm::vec4& sum : sums) middles.push_back(glm::vec3(sum) / std::max(sum.w, 1.0f));
    return middles;
}

/// Distance to the membrane beside a place when the middle of the measured shape lies on its other side:
/// measured shapes reach through here and there; -kFar elsewhere.
float beyondMembrane(const std::vector<Wall>& walls, const glm::vec3& p, const glm::vec3& middle) {
    constexpr float kNear = 8, kOpposed = -0.2f; ///< mm, cosine between the ways off the membrane
    for (const Wall& wall : walls) {
        if (wall.depth < 0 || !wall.field->contains(p)) continue;
        const float here = wall.field->sample(p);
        if (here >= 0 && here < kNear &&
            glm::dot(wall.field->gradient(p), wall.field->gradient(middle)) < kOpposed)
            return here;
    }
    return -kFar;
}

/// beyondWall or beyondMembrane at every node of a muscle's grid; no values: no wall is near it.
Field wallField(const std::vector<Solid>& solids, const Solid& muscle) {
    const std::vector<Wall> walls = wallsOf(solids, muscle);
    if (walls.empty()) return {};
    const std::vector<glm::vec3> middles = muscle.sections ? middlesOf(muscle) : std::vector<glm::vec3>{};
    Field beyond = muscle.field;
    mapField(beyond, [&](const glm::vec3& p, float measured) {
        const float wall = beyondWall(muscle, walls, p, measured);
        if (middles.empty()) return wall;
        const auto slab = static_cast<std::size_t>(std::max(muscle.slabAt(p), 0.0f));
        return std::max(wall, beyondMembrane(walls, p, middles[std::min(slab, middles.size() - 1)]));
    });
    return beyond;
}

/// Whether a wall parts a muscle from a place: 0 no, 1 yes, between nodes something between. Where it does,
/// the muscle must not keep others from the place.
float partedByWall(const Field& beyond, const glm::vec3& p) {
    if (beyond.values.empty()) return 0;
    const glm::vec3 cell = (p - beyond.origin) / beyond.spacing;
    const glm::ivec3 low = glm::clamp(glm::ivec3(glm::floor(cell)), glm::ivec3(0), beyond.size - 2);
    const glm::vec3 t = glm::clamp(cell - glm::vec3(low), 0.0f, 1.0f);
    float share = 0;
    for (int corner = 0; corner < 8; ++corner) {
        const glm::ivec3 at(corner & 1, corner >> 1 & 1, corner >> 2);
        if (beyond.values[beyond.index(low.x + at.x, low.y + at.y, low.z + at.z)] <= -kFar) continue;
        const glm::vec3 weights = glm::mix(1.0f - t, t, glm::vec3(at));
        share += weights.x * weights.y * weights.z;
    }
    return share;
}

/// Distance outside the room that a muscle may grow into: under skin and skin veins, or where it was
/// measured.
float beyondRoom(const Field& outside, const glm::vec3& p, float measured) {
    constexpr float kAnkle = 25; // mm: in the foot all room
    return p.z < kAnkle ? -kFar : std::min(outside.sample(p), measured);
}

/// Grid on which the volumes are solved; all measured distances resampled to it.
class VolumeSolver {
  public:
    VolumeSolver(std::vector<Solid>& solids, float spacing, unsigned threads)
        : m_solids(solids), m_spacing(spacing), m_threads(threads) {
        m_low = glm::vec3(1e9f);
        m_high = glm::vec3(-1e9f);
        for (std::size_t i = 0; i < solids.size(); ++i) {
            Solid& solid = solids[i];
            // The smallest muscles are smaller than what this grid can weigh.
            if (isFixed(solid) || !solid.sections || (solid.row->spacing < 1.0f && solid.measured < 3000))
                continue;
            m_muscles.push_back(i);
            const float length = solid.sections->high() - solid.sections->low();
            solid.growth.assign(static_cast<std::size_t>(length / kSlab) + 2, {});
            const Field& field = solid.field;
            m_low = glm::min(m_low, field.origin);
            m_high = glm::max(m_high, field.position(field.size.x - 1, field.size.y - 1, field.size.z - 1));
        }
        m_size = glm::ivec3(glm::ceil((m_high - m_low) / spacing)) + 1;
    }

    void sample(const Field& outside, const std::vector<Field>& walls) {
        m_cells.resize(m_muscles.size());
        const std::size_t count = cellCount();
        m_blocked.assign(count, -kFar);
        parallelFor(static_cast<std::size_t>(m_size.z), m_threads, [&](std::size_t z) {
            for (std::size_t at = z * slice(); at < (z + 1) * slice(); ++at)
                for (const Solid& solid : m_solids)
                    if (isFixed(solid))
                        m_blocked[at] = std::max(m_blocked[at], kBoneGap - solid.field.sample(place(at)));
        });
        parallelFor(m_muscles.size(), m_threads, [&](std::size_t k) {
            const Solid& solid = m_solids[m_muscles[k]];
            for (std::size_t at = 0; at < count; ++at) {
                const glm::vec3 p = place(at);
                if (!solid.field.contains(p)) continue;
                const float d = solid.field.sample(p);
                if (d > 14.0f || partedByWall(walls[m_muscles[k]], p) > 0.5f) continue;
                float free = solid.reserved.values.empty() ? kFar : solid.reserved.sample(p);
                if (!outside.values.empty()) free = std::min(free, -beyondRoom(outside, p, d));
                m_cells[k].push_back({static_cast<std::uint32_t>(at),
                                      d,
                                      solid.growthFade(p) * solid.sections->radius(p),
                                      solid.hold(p),
                                      solid.slabAt(p),
                                      free,
                                      p,
                                      {}});
            }
        });
        findWanted();
        for (std::size_t k = 0; k < m_muscles.size(); ++k)
            for (Cell& cell : m_cells[k])
                cell.lever = m_solids[m_muscles[k]].leverAt(cell.place, cell.radius);
    }

    void solve(int rounds) {
        constexpr float kEqual = 9, kMostGrown = 400, kMostAbove = 80; ///< mm; of the leg, of what is cut
        for (int round = 0; round < rounds; ++round) {
            const std::vector<std::vector<Content>> now = contents();
            for (std::size_t k = 0; k < m_muscles.size(); ++k) {
                Solid& solid = m_solids[m_muscles[k]];
                std::vector<Growth>& growth = solid.growth;
                for (std::size_t s = 0; s < growth.size(); ++s) {
                    if (m_wanted[k][s] < 50) continue; // next to nothing: follows its neighbours
                    const double ratio = m_wanted[k][s] / std::max(now[k][s].volume, 1.0);
                    // Volume goes with the square of the radius; a damped step, since neighbours move as
                    // well. Where there is not room for all, each goes short by the same share: equal steps
                    // in mm.
                    const double step = 0.5 * (std::sqrt(std::clamp(ratio, 0.4, 2.5)) - 1.0);
                    const float radius = std::sqrt(static_cast<float>(m_wanted[k][s]) / (3.14f * kSlab));
                    growth[s].share += static_cast<float>(step) * std::min(1.0f, kEqual / radius);
                    growth[s].share = std::clamp(
                        growth[s].share, -0.8f,
                        std::max(3.5f, (growth[s].middle.z < kKnee ? kMostGrown : kMostAbove) / radius));
                    lean(growth[s], now[k][s], solid.sections->axis());
                }
                const std::vector<Growth> before = growth;
                for (std::size_t s = 1; s + 1 < growth.size(); ++s) {
                    growth[s].share =
                        0.9f * before[s].share + 0.05f * (before[s - 1].share + before[s + 1].share);
                    growth[s].tilt =
                        0.9f * before[s].tilt + 0.05f * (before[s - 1].tilt + before[s + 1].tilt);
                }
            }
        }
    }

    /// Asks more of a slab whose packed field holds less than what it should, and the other way round.
    void correct(const std::vector<Field>& packed) {
        constexpr double kMeshed = 1.012; ///< corners count for a little more in a field than in its mesh
        for (std::size_t k = 0; k < m_muscles.size(); ++k) {
            const Solid& solid = m_solids[m_muscles[k]];
            const Field& field = packed[m_muscles[k]];
            const Aponeurosis* sheet = sheetOf(*solid.row);
            std::vector<Content> now(solid.growth.size());
            std::size_t at = 0;
            for (int z = 0; z < field.size.z; ++z)
                for (int y = 0; y < field.size.y; ++y)
                    for (int x = 0; x < field.size.x; ++x, ++at) {
                        float d = field.values[at];
                        if (d > field.spacing) continue;
                        const glm::vec3 p = field.position(x, y, z);
                        if (sheet) d = std::max(d, -sheetDistance(*sheet, field, p));
                        add(now, solid.slabAt(p), p,
                            std::clamp(0.5 - static_cast<double>(d / field.spacing), 0.0, 1.0) *
                                std::pow(static_cast<double>(field.spacing), 3));
                    }
            std::vector<double> factor(now.size(), 1.0);
            for (std::size_t s = 0; s < now.size(); ++s)
                if (now[s].volume > 300) // mm^3: thinner parts are cords
                    factor[s] = std::clamp((solid.growth[s].middle.z < kKnee ? kMeshed : 1.0) * m_goal[k][s] /
                                               now[s].volume,
                                           0.8, 1.3);
            for (std::size_t s = 0; s < now.size(); ++s) // evenly, so that no rings show
                m_wanted[k][s] *= 0.25 * (factor[s > 0 ? s - 1 : s] + 2 * factor[s] +
                                          factor[s + 1 < now.size() ? s + 1 : s]);
        }
    }

  private:
    struct Cell {
        std::uint32_t at;
        float distance, radius, hold, slab, reserved;
        glm::vec3 place, lever;
    };
    struct Content { ///< of a slab
        double volume = 0;
        glm::dvec3 moment{}; ///< volume times place, mm^4
    };

    /// The sheet that goes over from the muscle to its tendon once the muscle is packed.
    const Aponeurosis* sheetOf(const SolidRow& muscle) const {
        for (const Solid& solid : m_solids)
            if (solid.row->aponeurosis && solid.row->aponeurosis->of == muscle.id)
                return &*solid.row->aponeurosis;
        return nullptr;
    }

    /// A muscle of the leg keeps its place: where neighbours push the middle of a slab away, it grows to the
    /// other side, and no more than that needs. Those of the thigh are cut. The tilt is the multiplier of the
    /// bound on the middle: a step along the excess, drawn back by what the bound leaves free.
    static void lean(Growth& growth, const Content& now, const glm::vec3& axis) {
        constexpr float kFree = 2.2f; ///< mm that the middle may be off
        constexpr float kStep = 0.15f, kMost = 0.5f;
        if (now.volume < 200 || growth.middle.z > kKnee) return;
        glm::vec3 off = glm::vec3(now.moment / now.volume) - growth.middle;
        off -= glm::dot(off, axis) * axis;
        const float step = kStep / std::sqrt(static_cast<float>(now.volume) / (3.14f * kSlab));
        const glm::vec3 tilt = growth.tilt - step * off;
        const float length = glm::length(tilt), excess = length - step * kFree;
        growth.tilt = excess > 0 ? std::min(excess, kMost) / length * tilt : glm::vec3(0);
    }

    double inside(float distance) const {
        return m_cellVolume * std::clamp(0.5 - static_cast<double>(distance / m_spacing), 0.0, 1.0);
    }

    /// Shares a cell out to the two slabs between whose middles it lies, so that it does not matter how many
    /// layers of a grid fall into one.
    static void add(std::vector<Content>& slabs, float slab, const glm::vec3& place, double volume) {
        if (volume <= 0) return;
        const float at = std::clamp(slab, 0.0f, static_cast<float>(slabs.size() - 1) - 1e-3f);
        const auto low = static_cast<std::size_t>(at);
        const double high = static_cast<double>(at - static_cast<float>(low));
        slabs[low].volume += (1 - high) * volume;
        slabs[low].moment += (1 - high) * volume * glm::dvec3(place);
        slabs[low + 1].volume += high * volume;
        slabs[low + 1].moment += high * volume * glm::dvec3(place);
    }

    /// The measured volume of each slab times the ratio of the table; cords keep their own.
    void findWanted() {
        m_wanted.resize(m_muscles.size());
        for (std::size_t k = 0; k < m_muscles.size(); ++k) {
            const Solid& solid = m_solids[m_muscles[k]];
            std::vector<Content> measured(solid.growth.size()), wanted = measured;
            for (const Cell& cell : m_cells[k]) {
                const float belly =
                    std::clamp((cell.radius / solid.largestRadius - 0.25f) / 0.1f, 0.0f, 1.0f);
                const double volume = inside(cell.distance);
                add(measured, cell.slab, cell.place, volume);
                add(wanted, cell.slab, cell.place,
                    volume * static_cast<double>(std::lerp(1.0f, solid.row->volumeRatio, belly)));
            }
            for (const Content& slab : wanted) m_wanted[k].push_back(slab.volume);
            setMiddles(m_solids[m_muscles[k]].growth, measured);
        }
        m_goal = m_wanted;
    }

    static void setMiddles(std::vector<Growth>& growth, const std::vector<Content>& measured) {
        for (std::size_t s = 0; s < growth.size(); ++s) {
            std::size_t full = s; // the slab itself, or the nearest one that holds anything
            for (std::size_t other = 0; measured[full].volume <= 0 && other < growth.size(); ++other)
                full = other;
            for (std::size_t other = 0; other < growth.size(); ++other)
                if (measured[other].volume > 0 &&
                    (other > s ? other - s : s - other) < (full > s ? full - s : s - full))
                    full = other;
            if (measured[full].volume > 0)
                growth[s].middle = glm::vec3(measured[full].moment / measured[full].volume);
        }
    }

    /// What the slabs hold for the present growths.
    std::vector<std::vector<Content>> contents() const {
        std::vector<std::vector<float>> grown(m_muscles.size());
        parallelFor(m_muscles.size(), m_threads, [&](std::size_t k) {
            const Solid& solid = m_solids[m_muscles[k]];
            grown[k].reserve(m_cells[k].size());
            for (const Cell& cell : m_cells[k])
                grown[k].push_back(withinReach(
                    cell.distance, cell.distance - solid.grownBy(cell.slab, cell.radius, cell.lever)));
        });
        std::vector<float> least(cellCount(), kFar), second(cellCount(), kFar);
        for (std::size_t k = 0; k < m_muscles.size(); ++k)
            for (std::size_t c = 0; c < m_cells[k].size(); ++c) {
                const Cell& cell = m_cells[k][c];
                const float held = grown[k][c] - cell.hold;
                if (held < least[cell.at]) {
                    second[cell.at] = least[cell.at];
                    least[cell.at] = held;
                } else {
                    second[cell.at] = std::min(second[cell.at], held);
                }
            }
        std::vector<std::vector<Content>> result(m_muscles.size());
        parallelFor(m_muscles.size(), m_threads, [&](std::size_t k) {
            result[k].assign(m_solids[m_muscles[k]].growth.size(), {});
            for (std::size_t c = 0; c < m_cells[k].size(); ++c) {
                const Cell& cell = m_cells[k][c];
                const float e = grown[k][c], held = e - cell.hold;
                const float other = held > least[cell.at] ? least[cell.at] : second[cell.at];
                add(result[k], cell.slab, cell.place,
                    inside(std::max({e, 0.5f * (held - other + kGap), m_blocked[cell.at], -cell.reserved})));
            }
        });
        return result;
    }

    std::size_t slice() const {
        return static_cast<std::size_t>(m_size.x) * static_cast<std::size_t>(m_size.y);
    }
    std::size_t cellCount() const { return slice() * static_cast<std::size_t>(m_size.z); }
    glm::vec3 place(std::size_t at) const {
        const auto nx = static_cast<std::size_t>(m_size.x);
        const glm::ivec3 cell(static_cast<int>(at % nx), static_cast<int>(at % slice() / nx),
                              static_cast<int>(at / slice()));
        return m_low + m_spacing * glm::vec3(cell);
    }

    std::vector<Solid>& m_solids;
    float m_spacing;
    unsigned m_threads;
    double m_cellVolume = std::pow(static_cast<double>(m_spacing), 3);
    std::vector<std::size_t> m_muscles; ///< indices of the solids that grow
    glm::vec3 m_low{}, m_high{};
    glm::ivec3 m_size{};
    std::vector<std::vector<Cell>> m_cells;
    std::vector<std::vector<double>> m_goal;   ///< mm^3 a slab
    std::vector<std::vector<double>> m_wanted; ///< what is asked of this grid for it
    std::vector<float> m_blocked; ///< distance outside what muscles give way to, as a lower bound
};

/// Distance to the room kept for vessels at a node of the solid's grid.
float reservedAt(const Solid& solid, std::size_t node) {
    return solid.reserved.values.empty() ? kFar : solid.reserved.values[node];
}

/// Moves the whole surface so that the field holds `wanted` mm^3 again.
void restoreVolume(Field& field, double wanted) {
    for (int round = 0; round < 3; ++round) {
        const double now = fieldVolume(field);
        constexpr float kStep = 0.1f;
        Field wider = field;
        for (float& value : wider.values) value -= kStep;
        const double area = (fieldVolume(wider) - now) / static_cast<double>(kStep);
        const float shift = std::clamp(static_cast<float>((wanted - now) / std::max(area, 1.0)), -0.6f, 0.6f);
        for (float& value : field.values) value -= shift;
    }
}

/// Takes slivers and ragged rims off bellies and origins; cords below the belly stay as they are.
void roundOff(const Solid& self, Field& packed, const std::vector<const Solid*>& hard) {
    Field smooth = packed;
    const float h = self.field.spacing;
    smoothField(smooth, std::clamp(static_cast<int>(std::lround(8.0f / (h * h))), 1, 4)); // about 2 mm wide
    restoreVolume(smooth, fieldVolume(packed));
    const bool upright = std::abs(self.sections->axis().z) > 0.8f;
    std::size_t at = 0;
    mapField(packed, [&](const glm::vec3& p, float value) {
        const float radius = self.growthFade(p) * self.sections->radius(p);
        const float share = upright && p.z > self.bellyHeight
                                ? 1.0f
                                : std::clamp((radius / self.largestRadius - 0.3f) / 0.3f, 0.0f, 1.0f);
        float result = std::lerp(value, smooth.values[at], share);
        result = std::max(result, -reservedAt(self, at++));
        if (std::abs(result) < 3.0f && share > 0)
            for (const Solid* other : hard) result = std::max(result, 0.2f - other->field.sample(p));
        return std::max(result, p.z - kLimbTop);
    });
}

/// Takes away what hangs together with nothing along the belly: shreds between vessels. Pieces of a twentieth
/// of the largest stay, and all of cords.
void keepConnected(const Solid& self, Field& field) {
    const std::size_t dy = static_cast<std::size_t>(field.size.x),
                      dz = dy * static_cast<std::size_t>(field.size.y);
    std::vector<std::uint32_t> piece(field.values.size(), 0);
    std::vector<std::vector<std::size_t>> pieces;
    std::size_t largest = 0;
    for (std::size_t start = 0; start < field.values.size(); ++start) {
        if (field.values[start] >= 0 || piece[start] != 0) continue;
        std::vector<std::size_t> nodes = {start};
        piece[start] = static_cast<std::uint32_t>(pieces.size() + 1);
        for (std::size_t i = 0; i < nodes.size(); ++i) {
            const std::size_t at = nodes[i], x = at % dy, y = at % dz / dy, z = at / dz;
            const auto go = [&](bool may, std::size_t to) {
                if (!may || field.values[to] >= 0 || piece[to] != 0) return;
                piece[to] = piece[start];
                nodes.push_back(to);
            };
            go(x > 0, at - 1), go(x + 1 < dy, at + 1);
            go(y > 0, at - dy), go((y + 1) * dy < dz, at + dy);
            go(z > 0, at - dz), go(z + 1 < static_cast<std::size_t>(field.size.z), at + dz);
        }
        largest = std::max(largest, nodes.size());
        pieces.push_back(std::move(nodes));
    }
    for (const std::vector<std::size_t>& nodes : pieces) {
        const std::size_t first = nodes.front();
        const glm::vec3 place = field.position(
            static_cast<int>(first % dy), static_cast<int>(first % dz / dy), static_cast<int>(first / dz));
        if (20 * nodes.size() >= largest || self.hold(place) > 1.0f) continue;
        for (const std::size_t at : nodes) field.values[at] = 0.5f * field.spacing;
    }
}

/// The packed field of one solid, from the measured fields of all.
Field packedField(const std::vector<Solid>& solids, std::size_t index, const std::vector<Field>& walls,
                  const Field& outside) {
    constexpr float kParted = 20; ///< mm: what a muscle loses against others behind a wall
    constexpr float kFarOff = 15; ///< mm: beyond what muscles grow
    const Solid& self = solids[index];
    const Field& beyond = walls[index];
    std::vector<const Solid*> hard;
    std::vector<std::pair<const Solid*, const Field*>> soft;
    for (std::size_t j = 0; j < solids.size(); ++j) {
        if (j == index || !boxesMeet(self.field, solids[j].field)) continue;
        const bool bone = solids[j].row->tissue == anatomy::Tissue::Bone;
        const auto& yields = self.row->yieldsTo;
        const bool gives = std::find(yields.begin(), yields.end(), solids[j].row->id) != yields.end();
        const auto& theirs = solids[j].row->yieldsTo;
        if (std::find(theirs.begin(), theirs.end(), self.row->id) != theirs.end()) continue;
        if (isFixed(self) ? bone || gives : isFixed(solids[j]))
            hard.push_back(&solids[j]);
        else if (!isFixed(self))
            soft.emplace_back(&solids[j], &walls[j]);
    }
    Field packed = self.field;
    std::size_t node = 0;
    mapField(packed, [&](const glm::vec3& p, float measured) {
        const std::size_t at = node++;
        if (measured > kFarOff) return measured;
        const float free = reservedAt(self, at);
        const float e = self.grownDistance(p, measured);
        if (e > 4.0f) return e;
        float result = beyond.values.empty() ? e : std::max(e, beyond.values[at] + kBoneGap);
        const float held = e - self.hold(p);
        for (const auto& [other, theirWalls] : soft) {
            if (!other->field.contains(p)) continue;
            const float apart = other->field.sample(p);
            if (apart > kFarOff) continue;
            float theirs = other->grownDistance(p, apart);
            if (0.5f * (held - theirs + other->hold(p) + kGap) <= result) continue;
            theirs += kParted * partedByWall(*theirWalls, p);
            result = std::max(result, 0.5f * (held - theirs + other->hold(p) + kGap));
        }
        for (const Solid* other : hard) {
            float theirs = other->grownDistance(p, other->field.sample(p));
            if (const auto& sheet = other->row->aponeurosis; sheet && sheet->of == self.row->id)
                theirs = std::min(theirs, coveredDistance(*sheet, other->field, p));
            result = std::max(result, kBoneGap - theirs);
        }
        if (!self.growth.empty() && !outside.values.empty())
            result = std::max(result, beyondRoom(outside, p, measured));
        return std::max(result, -free);
    });
    if (!isFixed(self) && self.sections) {
        roundOff(self, packed, hard);
        constexpr float kStout = 8.5f; // mm: thinner muscles may be parted by a vessel and still be all there
        if (self.largestRadius > kStout) keepConnected(self, packed);
    }
    return packed;
}

/// Parts what still touches: bones of one joint (measured surfaces cross there), cords rounded into each
/// other.
Field separatedField(const std::vector<Solid>& solids, std::size_t index) {
    const Solid& self = solids[index];
    const bool bone = self.row->tissue == anatomy::Tissue::Bone;
    std::vector<const Solid*> others;
    for (std::size_t j = 0; j < solids.size(); ++j)
        if (j != index && boxesMeet(self.field, solids[j].field) &&
            (bone == (solids[j].row->tissue == anatomy::Tissue::Bone)))
            others.push_back(&solids[j]);
    Field result = self.field;
    mapField(result, [&](const glm::vec3& p, float d) {
        if (d > 2.0f) return d;
        float parted = d;
        for (const Solid* other : others)
            if (other->field.contains(p))
                parted = std::max(parted, 0.5f * (d - other->field.sample(p) + 0.4f));
        return parted;
    });
    return result;
}

void separate(std::vector<Solid>& solids, unsigned threads, bool bones) {
    std::vector<Field> parted(solids.size());
    parallelFor(solids.size(), threads, [&](std::size_t i) {
        if ((solids[i].row->tissue == anatomy::Tissue::Bone) == bones) parted[i] = separatedField(solids, i);
    });
    for (std::size_t i = 0; i < solids.size(); ++i)
        if (!parted[i].values.empty()) solids[i].field = std::move(parted[i]);
}

} // namespace

void packSolids(std::vector<Solid>& solids, const Field& outside, unsigned threads) {
    separate(solids, threads, true);
    std::vector<Field> walls(solids.size());
    parallelFor(solids.size(), threads, [&](std::size_t i) {
        if (!isFixed(solids[i])) walls[i] = wallField(solids, solids[i]);
    });
    VolumeSolver solver(solids, 2.5f, threads);
    solver.sample(outside, walls);
    solver.solve(130);
    std::vector<Field> packed(solids.size());
    const auto pack = [&] {
        parallelFor(solids.size(), threads, [&](std::size_t i) {
            if (solids[i].row->tissue != anatomy::Tissue::Bone)
                packed[i] = packedField(solids, i, walls, outside);
        });
    };
    pack();
    for (int round = 0; round < 3; ++round) {
        solver.correct(packed);
        solver.solve(60);
        pack();
    }
    for (std::size_t i = 0; i < solids.size(); ++i)
        if (!packed[i].values.empty()) solids[i].field = std::move(packed[i]);
    spreadAponeuroses(solids);
    separate(solids, threads, false);
}

} // namespace pump::builder
