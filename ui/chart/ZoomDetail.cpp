// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/ZoomDetail.h"

#include "ui/chart/PlotGroup.h"
#include "ui/chart/Track.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace dubito::ui::chart {

namespace {

constexpr int kSettleMilliseconds = 200;
constexpr int kLookMilliseconds = 30;
constexpr std::int64_t kAnyNumber = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kFineEnough = 256; // folds in a view: each a few pixels at most; a history of the whole run has as many

std::filesystem::path fileOf(const session::Snapshot& snapshot)
{
    if (snapshot.run.runFolder.empty()) {
        return {};
    }
    const std::string named = snapshot.config.inForce ? snapshot.config.inForce->training.metrics : std::string();
    return named.empty() ? std::filesystem::path(snapshot.run.runFolder) / "metrics.jsonl" : std::filesystem::path(named);
}

/// The one that is known at every step.
const metrics::Series* clockOf(const std::vector<metrics::Series>& series)
{
    for (const auto metric : { metrics::Metric::CrossEntropy, metrics::Metric::Resident }) {
        if (const auto* found = find(series, metric)) {
            return found;
        }
    }
    return nullptr;
}

std::int64_t toStep(double x)
{
    constexpr double kFar = 1e15;
    return static_cast<std::int64_t>(std::clamp(x, -kFar, kFar));
}

/// What of a view is folded, how long the folds are, and how many steps it shows.
struct Folded {
    metrics::StepRange steps;
    std::int64_t longest = 0;
    std::int64_t inView = 0;
};

std::optional<Folded> foldedIn(const metrics::Series& series, const View& view)
{
    const auto seconds = [](std::chrono::milliseconds time) { return std::chrono::duration<double>(time).count(); };
    const std::int64_t rawFrom = series.latest.empty() ? std::numeric_limits<std::int64_t>::max() : series.latest.front().step;
    std::optional<Folded> folded;
    std::optional<metrics::StepRange> seen;
    for (const metrics::Bucket& bucket : series.buckets) {
        const bool isSeen = view.unit == XUnit::Step
            ? bucket.lastStep >= toStep(std::floor(view.range.from)) && bucket.firstStep <= toStep(std::ceil(view.range.to))
            : seconds(bucket.lastTime) >= view.range.from && seconds(bucket.firstTime) <= view.range.to;
        if (!isSeen) {
            continue;
        }
        seen = metrics::StepRange { seen ? seen->first : bucket.firstStep, bucket.lastStep };
        if (bucket.samples + bucket.nonFinite > 1 && bucket.firstStep < rawFrom) {
            const std::int64_t first = folded ? folded->steps.first : bucket.firstStep;
            const std::int64_t longest = std::max(folded ? folded->longest : 0, bucket.lastStep - bucket.firstStep + 1);
            folded = Folded { { first, std::min(bucket.lastStep, rawFrom - 1) }, longest, 0 };
        }
    }
    if (folded) {
        folded->inView = view.unit == XUnit::Step ? toStep(view.range.span()) : seen->last - seen->first + 1;
    }
    return folded;
}

bool holds(const metrics::StepRange& outer, const metrics::StepRange& inner)
{
    return outer.first <= inner.first && outer.last >= inner.last;
}

std::int64_t length(const metrics::StepRange& steps) { return steps.last - steps.first + 1; }

/// As much again on either side, so that a small pan finds something.
metrics::StepRange withMargin(const metrics::StepRange& steps, std::int64_t newest)
{
    const std::int64_t margin = length(steps);
    return { std::max<std::int64_t>(0, steps.first - margin), std::max(steps.last, std::min(newest, steps.last + margin)) };
}

/// Steps in a bucket of a detail of so many.
std::int64_t grain(const metrics::StepRange& detail)
{
    std::int64_t steps = 1;
    while (length(detail) / steps > static_cast<std::int64_t>(session::kDetailBuckets)) {
        steps *= 2;
    }
    return steps;
}

} // namespace

std::optional<metrics::StepRange> stepsToRead(const std::vector<metrics::Series>& series, const View& view)
{
    const auto* clock = clockOf(series);
    const auto folded = clock == nullptr ? std::nullopt : foldedIn(*clock, view);
    if (!folded || !std::isfinite(view.range.span())) {
        return std::nullopt;
    }
    return folded->longest * kFineEnough > folded->inView ? std::optional(folded->steps) : std::nullopt;
}

std::int64_t longestFold(const std::vector<metrics::Series>& series, const View& view)
{
    const auto* clock = clockOf(series);
    const auto folded = clock == nullptr ? std::nullopt : foldedIn(*clock, view);
    return folded ? folded->longest : 0;
}

ZoomDetail::ZoomDetail(const PlotGroup& group, QObject* parent, std::int64_t mostBytes)
    : QObject(parent)
    , m_group(group)
    , m_mostBytes(mostBytes)
    , m_tooMany(kAnyNumber)
{
    m_settle.setSingleShot(true);
    m_settle.setInterval(kSettleMilliseconds);
    m_look.setInterval(kLookMilliseconds);
    connect(&group, &PlotGroup::rangeChanged, &m_settle, qOverload<>(&QTimer::start));
    connect(&m_settle, &QTimer::timeout, this, &ZoomDetail::snapshotWanted);
    connect(&m_look, &QTimer::timeout, this, &ZoomDetail::look);
}

ZoomDetail::~ZoomDetail() = default;

const session::Snapshot& ZoomDetail::refined(const session::Snapshot& snapshot)
{
    const auto file = fileOf(snapshot);
    const auto wish = file.empty() ? std::nullopt : stepsToRead(snapshot.series, m_group.view(1));
    const bool isOther = file != m_file || (m_asked && m_asked->first > snapshot.run.step);
    m_isTooMuch = false;
    if (!wish || isOther) {
        forget();
    }
    if (isOther) {
        m_file = file;
        m_tooMany = kAnyNumber;
    }
    if (!wish) {
        return snapshot;
    }
    auto toAsk = withMargin(*wish, snapshot.run.step);
    if (length(toAsk) >= m_tooMany) {
        toAsk = *wish;
    }
    m_isTooMuch = length(toAsk) >= m_tooMany;
    const bool isCovered = m_asked && holds(*m_asked, *wish) && grain(*m_asked) <= grain(toAsk);
    if (!isCovered && !m_isTooMuch && !m_settle.isActive()) {
        read(toAsk);
    }
    if (!m_detail) {
        return snapshot;
    }
    m_fine = snapshot;
    session::refine(m_fine.series, m_detail->value());
    return m_fine;
}

void ZoomDetail::forget()
{
    m_look.stop();
    m_reader.reset();
    m_detail.reset();
    m_asked.reset();
    m_fine = {};
}

void ZoomDetail::read(const metrics::StepRange& steps)
{
    m_asked = steps;
    m_reader = std::make_unique<session::DetailReader>(m_file, steps, m_mostBytes);
    m_look.start();
}

void ZoomDetail::look()
{
    const auto outcome = m_reader->outcome();
    if (!outcome) {
        return;
    }
    m_look.stop();
    m_reader.reset();
    m_detail = *outcome ? outcome : nullptr; // without it the folded history stays: it has every peak, only broader
    if (!*outcome && outcome->error().code == ErrorCode::Refused) {
        m_tooMany = std::min(m_tooMany, length(*m_asked));
        m_asked.reset(); // perhaps without its margin
    }
    emit arrived();
}

} // namespace dubito::ui::chart
