// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/CorpusOverview.h"

#include "backend/distrust/Weighting.h"
#include "backend/metrics/Metric.h"
#include "backend/session/Preparation.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace dubito::session {

namespace {

std::vector<SourceShare> sharesOf(const Prepared& prepared)
{
    std::array<SourceShare, metrics::kSourceWords.size()> places {};
    const auto& classes = prepared.documents.sourceClasses();
    const auto documents = static_cast<double>(std::max<std::int64_t>(1, prepared.documents.size()));
    for (const auto& share : prepared.facts.shares) {
        const auto known = static_cast<std::size_t>(share.sourceClass);
        SourceShare& place = places[metrics::sourcePlace(known < classes.size() ? classes[known] : "")];
        place.ofDocuments += static_cast<double>(share.documents) / documents;
        place.ofGradient += share.share;
    }
    std::vector<SourceShare> shares;
    for (std::size_t i = 0; i < places.size(); ++i) {
        places[i].source = i;
        if (places[i].ofDocuments > 0) {
            shares.push_back(places[i]);
        }
    }
    std::ranges::stable_sort(shares, std::ranges::greater(), &SourceShare::ofGradient);
    return shares;
}

std::vector<DocumentDot> dotsOf(const Prepared& prepared)
{
    std::vector<DocumentDot> dots;
    const std::int64_t size = prepared.documents.size();
    const auto wanted = std::min<std::int64_t>(size, static_cast<std::int64_t>(CorpusOverview::kMostDots));
    const auto& classes = prepared.documents.sourceClasses();
    for (std::int64_t i = 0; i < wanted; ++i) {
        const std::int64_t index = i * size / wanted;
        const auto info = prepared.documents.info(index);
        if (info.labels != data::LabelSource::WeightOne) {
            dots.push_back({ index, std::string(info.id), metrics::sourcePlace(classes[static_cast<std::size_t>(info.sourceClass)]),
                info.authority, info.entropy, info.weight * prepared.scale.factor + prepared.scale.offset });
        }
    }
    return dots;
}

/// Looks along c for the places where the weight passes each level: between two neighbours by a straight line.
std::vector<WeightLevel> levelsOf(const data::WeightScale& scale, const config::Distrust& rules)
{
    constexpr std::array kLevels { 0.1, 0.25, 0.5, 1.0, 2.0, 4.0 };
    constexpr double kFirst = -6;
    constexpr double kStep = 0.01;
    constexpr int kSteps = 2000;
    const auto weightAt = [&](double c) { return distrust::weightOf(c, rules) * scale.factor + scale.offset; };
    std::vector<WeightLevel> levels;
    double before = weightAt(kFirst);
    for (int i = 1; i <= kSteps; ++i) {
        const double c = kFirst + kStep * i;
        const double now = weightAt(c);
        for (const double level : kLevels) {
            if ((before < level) != (now < level)) {
                levels.push_back({ level, c - kStep * (now - level) / (now - before) });
            }
        }
        before = now;
    }
    return levels;
}

} // namespace

std::shared_ptr<const CorpusOverview> overviewOf(const Prepared& prepared, const config::Distrust& rules)
{
    auto overview = std::make_shared<CorpusOverview>();
    const auto& stored = prepared.documents.report();
    overview->documents = stored.documents;
    overview->scored = stored.scored;
    overview->withoutLabels = stored.scored + stored.weightOne;
    overview->skippedLines = prepared.corpusReport.refused;
    for (const auto& problem : prepared.corpusReport.problems) {
        overview->firstSkipped.push_back(fmt::format("{}:{}: {}", problem.file, problem.line, problem.reason));
    }
    overview->effectiveSampleShare = prepared.facts.effectiveSampleShare;
    overview->essWarning = rules.essWarning;
    overview->weightMean = prepared.weightMean;
    overview->sources = sharesOf(prepared);
    overview->levels = levelsOf(prepared.scale, rules);
    overview->dots = dotsOf(prepared);
    return overview;
}

} // namespace dubito::session
