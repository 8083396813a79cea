#include "physiology/Massage.h"

#include "core/Error.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace pump::physiology {
namespace {

MassageHand readHand(const core::JsonField& f, double cycleS) {
    MassageHand hand{.widthMm = f.at("widthMm").number(10, 200)};
    const auto course = f.at("course");
    if (course.size() < 2) course.fail(fmt::format("has {} moments, expected at least 2", course.size()));
    for (std::size_t i = 0; i < course.size(); ++i) {
        const auto moment = course.at(i);
        const double previous = hand.course.empty() ? 0 : hand.course.back().atS;
        hand.course.push_back({.atS = moment.at("atS").number(previous, cycleS),
                               .heightMm = moment.at("heightMm").number(0, 900),
                               .pressureMmHg = moment.at("pressureMmHg").number(0, 120)});
    }
    return hand;
}

MassageHand::Moment momentAt(const MassageHand& hand, double within, double cycleS) {
    const auto& course = hand.course;
    const auto mix = [](const MassageHand::Moment& a, const MassageHand::Moment& b, double t) {
        return MassageHand::Moment{0, a.heightMm + t * (b.heightMm - a.heightMm),
                                   a.pressureMmHg + t * (b.pressureMmHg - a.pressureMmHg)};
    };
    for (std::size_t i = 1; i < course.size(); ++i)
        if (within >= course[i - 1].atS && within < course[i].atS)
            return mix(course[i - 1], course[i],
                       (within - course[i - 1].atS) / (course[i].atS - course[i - 1].atS));
    // From the last moment over the end of the cycle to the first.
    const double gap = course.front().atS + cycleS - course.back().atS;
    const double since =
        within >= course.back().atS ? within - course.back().atS : within + cycleS - course.back().atS;
    return gap > 0 ? mix(course.back(), course.front(), since / gap) : course.back();
}

} // namespace

std::vector<TouchPressure> Massage::at(double time, double peakMmHg) const {
    constexpr double kLeast = 0.5;
    const double scale = peakMmHg > 0 ? peakMmHg / pressureMmHg : 1;
    const double within = time - std::floor(time / cycleS) * cycleS;
    std::vector<TouchPressure> touches;
    for (const MassageHand& hand : hands) {
        const auto now = momentAt(hand, within, cycleS);
        if (now.pressureMmHg * scale < kLeast) continue;
        touches.push_back(
            {.heightMm = now.heightMm, .widthMm = hand.widthMm, .pressureMmHg = now.pressureMmHg * scale});
    }
    return touches;
}

Massage readMassage(const core::JsonField& root) {
    Massage massage{.id = root.at("id").text(),
                    .name = root.at("name").text(),
                    .source = root.at("source").text(),
                    .cycleS = root.at("cycleS").number(0.5, 60)};
    const auto range = root.at("pressureRangeMmHg").numbers(2);
    massage.lowMmHg = range[0];
    massage.highMmHg = range[1];
    if (!(range[0] > 0 && range[0] <= range[1] && range[1] <= 120))
        root.at("pressureRangeMmHg")
            .fail(fmt::format("is {} to {}, expected 0 < low <= high <= 120", range[0], range[1]));
    const auto hands = root.at("hands");
    if (hands.size() < 1 || hands.size() > 4)
        hands.fail(fmt::format("has {} hands, expected 1 to 4", hands.size()));
    massage.pressureMmHg = 0;
    for (std::size_t i = 0; i < hands.size(); ++i) {
        massage.hands.push_back(readHand(hands.at(i), massage.cycleS));
        for (const auto& moment : massage.hands.back().course)
            massage.pressureMmHg = std::max(massage.pressureMmHg, moment.pressureMmHg);
    }
    if (massage.pressureMmHg < massage.lowMmHg || massage.pressureMmHg > massage.highMmHg)
        hands.fail(fmt::format("press with up to {} mmHg, expected {} to {} (pressureRangeMmHg)",
                               massage.pressureMmHg, massage.lowMmHg, massage.highMmHg));
    return massage;
}

std::vector<Massage> loadMassages(const std::filesystem::path& directory) {
    std::vector<std::filesystem::path> files;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(directory, error))
        if (entry.path().extension() == ".json") files.push_back(entry.path());
    if (files.empty())
        throw core::Error(core::ErrorKind::Asset, "{}: holds no massage tables (*.json); see --assets",
                          directory.string());
    std::sort(files.begin(), files.end());
    std::vector<Massage> massages;
    for (const auto& file : files) massages.push_back(readMassage(core::JsonFile(file).root()));
    return massages;
}

} // namespace pump::physiology
