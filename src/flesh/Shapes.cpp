#include "flesh/Shapes.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace pump::flesh {

namespace {

using Matrix = std::vector<std::vector<double>>;

/// Eigenvectors of a symmetric matrix by Jacobi's turns, largest eigenvalue first, as rows.
Matrix eigenvectors(Matrix a, std::vector<double>& values) {
    const std::size_t n = a.size();
    Matrix v(n, std::vector<double>(n, 0.0));
    for (std::size_t i = 0; i < n; ++i) v[i][i] = 1;
    for (int sweep = 0; sweep < 40; ++sweep) {
        double off = 0;
        for (std::size_t p = 0; p < n; ++p)
            for (std::size_t q = p + 1; q < n; ++q) off += a[p][q] * a[p][q];
        if (off < 1e-12) break;
        for (std::size_t p = 0; p < n; ++p)
            for (std::size_t q = p + 1; q < n; ++q) {
                if (std::abs(a[p][q]) < 1e-14) continue;
                const double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
                const double t = (theta >= 0 ? 1 : -1) / (std::abs(theta) + std::sqrt(theta * theta + 1));
                const double c = 1 / std::sqrt(t * t + 1), s = t * c;
                for (std::size_t k = 0; k < n; ++k) {
                    const double kp = a[k][p], kq = a[k][q];
                    a[k][p] = c * kp - s * kq, a[k][q] = s * kp + c * kq;
                }
                for (std::size_t k = 0; k < n; ++k) {
                    const double pk = a[p][k], qk = a[q][k];
                    a[p][k] = c * pk - s * qk, a[q][k] = s * pk + c * qk;
                }
                for (std::size_t k = 0; k < n; ++k) {
                    const double kp = v[p][k], kq = v[q][k];
                    v[p][k] = c * kp - s * kq, v[q][k] = s * kp + c * kq;
                }
            }
    }
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), 0u);
    std::sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) { return a[i][i] > a[j][j]; });
    Matrix result;
    values.clear();
    for (const std::size_t i : order) {
        result.push_back(v[i]);
        values.push_back(a[i][i]);
    }
    return result;
}

/// Solves a x = b for all columns of b, with pivots.
void solve(Matrix& a, Matrix& b) {
    const std::size_t n = a.size(), width = b[0].size();
    for (std::size_t i = 0; i < n; ++i) {
        std::size_t best = i;
        for (std::size_t r = i + 1; r < n; ++r)
            if (std::abs(a[r][i]) > std::abs(a[best][i])) best = r;
        std::swap(a[i], a[best]);
        std::swap(b[i], b[best]);
        for (std::size_t r = 0; r < n; ++r) {
            if (r == i || a[r][i] == 0) continue;
            const double share = a[r][i] / a[i][i];
            for (std::size_t k = i; k < n; ++k) a[r][k] -= share * a[i][k];
            for (std::size_t k = 0; k < width; ++k) b[r][k] -= share * b[i][k];
        }
    }
    for (std::size_t i = 0; i < n; ++i)
        for (double& value : b[i]) value /= a[i][i];
}

} // namespace

FittedShapes fitShapes(const anatomy::LegModel& leg, const Relaxer& relaxer,
                       const std::vector<render::PoseFeatures>& features,
                       const std::vector<std::vector<glm::vec3>>& offsets) {
    constexpr std::size_t kShapes = anatomy::kCorrectionShapes;
    const std::size_t poses = features.size(), muscles = leg.rig.muscles.size();
    FittedShapes result;
    result.common.features = render::kPoseFeatures;
    result.common.muscles = static_cast<std::uint32_t>(muscles);
    for (const auto& f : features)
        result.common.centres.insert(result.common.centres.end(), f.begin(), f.end());
    for (auto& shape : result.shapes) shape.resize(offsets[0].size(), glm::vec3(0));
    constexpr std::size_t kWeights = anatomy::kCorrectionWeights;
    Weights weights(poses, std::vector<double>(muscles * kWeights, 0.0));
    for (std::size_t m = 0; m < muscles; ++m) {
        // A muscle and its tendon share their weights.
        std::vector<std::size_t> vertices;
        for (std::size_t b = 0; b < relaxer.bodies().size(); ++b)
            if (leg.structures[static_cast<std::size_t>(relaxer.bodies()[b].structure)].muscle ==
                static_cast<int>(m))
                for (std::size_t i = relaxer.firstOf()[b]; i < relaxer.firstOf()[b + 1]; ++i)
                    vertices.push_back(i);
        if (vertices.empty()) continue;
        Matrix products(poses, std::vector<double>(poses, 0.0));
        for (std::size_t i = 0; i < poses; ++i)
            for (std::size_t j = 0; j <= i; ++j) {
                double sum = 0;
                for (const std::size_t v : vertices)
                    sum += static_cast<double>(glm::dot(offsets[i][v], offsets[j][v]));
                products[i][j] = products[j][i] = sum;
            }
        std::vector<double> values;
        const Matrix modes = eigenvectors(products, values);
        for (std::size_t k = 0; k < std::min(kShapes, poses); ++k) {
            if (values[k] < 1e-6) continue;
            const double size = std::sqrt(values[k]);
            float largest = 0;
            for (const std::size_t v : vertices) {
                glm::dvec3 sum(0);
                for (std::size_t i = 0; i < poses; ++i)
                    sum += glm::dvec3(offsets[i][v]) * (modes[k][i] / size);
                result.shapes[k][v] = sum;
                for (int c = 0; c < 3; ++c) largest = std::max(largest, std::abs(result.shapes[k][v][c]));
            }
            if (largest <= 0) continue;
            for (const std::size_t v : vertices) result.shapes[k][v] *= 511 / largest;
            for (std::size_t i = 0; i < poses; ++i)
                weights[i][m * kWeights + k] = modes[k][i] * size * static_cast<double>(largest / 511);
        }
    }
    result.weights = std::move(weights);
    return result;
}

std::vector<float> rowsThrough(const std::vector<render::PoseFeatures>& features, const Weights& weights) {
    const std::size_t poses = features.size();
    Matrix wanted = weights;
    wanted.emplace_back(weights[0].size(), 0.0);
    Matrix kernel(poses + 1, std::vector<double>(poses + 1, 0.0));
    for (std::size_t i = 0; i < poses; ++i) {
        for (std::size_t j = 0; j < poses; ++j) {
            double away = 0;
            for (std::size_t f = 0; f < render::kPoseFeatures; ++f) {
                const auto d = static_cast<double>(features[i][f] - features[j][f]);
                away += d * d;
            }
            kernel[i][j] = std::sqrt(away);
        }
        kernel[i][poses] = kernel[poses][i] = 1;
    }
    solve(kernel, wanted);
    std::vector<float> rows;
    for (const auto& row : wanted)
        for (const double value : row) rows.push_back(static_cast<float>(value));
    return rows;
}

} // namespace pump::flesh
