// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/TraceJudge.h"

#include "backend/base/Text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <memory>
#include <utility>

#include <fmt/format.h>

namespace dubito::memory {
namespace {

constexpr std::size_t kMostRows = 10'000'000;
constexpr std::size_t kLongestLine = 1 << 16;
constexpr std::int64_t kQuietRows = 200;

/// Lines of a text file with their numbers; refuses a line that no table has.
class Lines {
public:
    explicit Lines(const std::filesystem::path& path) : m_in(path), m_name(path.filename().string()) { }

    bool isOpen() const { return m_in.is_open() && m_in.good(); }

    /// False at the end, or at a line that is too long.
    bool next()
    {
        m_in.getline(m_buffer.data(), static_cast<std::streamsize>(m_buffer.size()));
        ++m_number;
        m_line = trimmed(m_buffer.data());
        return !m_in.fail();
    }

    std::string_view line() const { return m_line; }
    bool isCutShort() const { return m_in.fail() && !m_in.eof(); }
    Error refusal(std::string message) const
    {
        return { .code = ErrorCode::Data, .message = std::move(message), .where = fmt::format("{}:{}", m_name, m_number) };
    }

private:
    std::ifstream m_in;
    std::string m_name;
    std::int64_t m_number = 0;
    std::array<char, kLongestLine> m_buffer {};
    std::string_view m_line;
};

std::string_view unquoted(std::string_view field)
{
    field = trimmed(field);
    if (field.size() >= 2 && field.front() == '"' && field.back() == '"') {
        field = trimmed(field.substr(1, field.size() - 2));
    }
    return field;
}

/// The field at `index` of a comma-separated line; empty where there are fewer.
std::string_view fieldAt(std::string_view line, std::size_t index)
{
    for (; index > 0; --index) {
        const std::size_t comma = line.find(',');
        if (comma == std::string_view::npos) {
            return {};
        }
        line.remove_prefix(comma + 1);
    }
    return unquoted(line.substr(0, line.find(',')));
}

std::optional<std::size_t> columnOf(std::string_view header, std::string_view name)
{
    const auto columns = static_cast<std::size_t>(std::ranges::count(header, ',')) + 1;
    for (std::size_t i = 0; i < columns; ++i) {
        if (fieldAt(header, i) == name) {
            return i;
        }
    }
    return std::nullopt;
}

Result<LeakTrace::Row> parseRow(const Lines& lines, std::size_t stepColumn, std::size_t valueColumn)
{
    const auto step = parseInteger(fieldAt(lines.line(), stepColumn));
    if (!step || *step < 0) {
        return lines.refusal(fmt::format("the step \"{}\" is not a whole number from 0 up", fieldAt(lines.line(), stepColumn)));
    }
    const auto mb = parseNumber(fieldAt(lines.line(), valueColumn));
    if (!mb || !std::isfinite(*mb) || std::abs(*mb) > 1e12) {
        return lines.refusal(fmt::format("\"{}\" is not a size in MiB", fieldAt(lines.line(), valueColumn)));
    }
    return LeakTrace::Row { .step = *step, .mb = *mb };
}

/// Steps between two rows as they usually come.
double strideOf(const LeakTrace& trace)
{
    if (trace.rows.size() < 2) {
        return 1;
    }
    std::vector<std::int64_t> gaps;
    gaps.reserve(trace.rows.size() - 1);
    for (std::size_t i = 1; i < trace.rows.size(); ++i) {
        gaps.push_back(trace.rows[i].step - trace.rows[i - 1].step);
    }
    const auto middle = gaps.begin() + static_cast<std::ptrdiff_t>(gaps.size() / 2);
    std::ranges::nth_element(gaps, middle);
    return static_cast<double>(*middle);
}

LeakEstimate perStep(LeakEstimate perRow, double stride)
{
    return { perRow.mbPerStep / stride, perRow.low / stride, perRow.high / stride, perRow.lowerBound / stride };
}

Forecast inSteps(Forecast rows, double stride)
{
    for (std::optional<double>* count : { &rows.steps, &rows.low, &rows.high }) {
        if (*count) {
            **count *= stride;
        }
    }
    return rows;
}

/// Lets one alarm of a kind through, and then none for 200 rows.
class Refractory {
public:
    bool lets(bool holds, std::int64_t row)
    {
        if (!holds || row < m_from) {
            return false;
        }
        m_from = row + kQuietRows;
        return true;
    }

private:
    std::int64_t m_from = 0;
};

std::string numberOrNull(const std::optional<double>& number)
{
    return number ? exactNumber(std::round(*number)) : std::string("null");
}

/// Four places say more than any interval here can promise.
std::string slope(double mbPerStep) { return exactNumber(std::round(mbPerStep * 1e4) / 1e4); }

} // namespace

Result<LeakTrace> readLeakTrace(const std::filesystem::path& path, std::string_view column)
{
    std::error_code problem;
    auto lines = std::make_unique<Lines>(path);
    if (!std::filesystem::is_regular_file(path, problem) || !lines->isOpen()) {
        return Error { ErrorCode::NotFound, "no such file can be read; give a CSV file with a header line", path.string() };
    }
    if (!lines->next() && !lines->isCutShort()) {
        return Error { ErrorCode::Data, "the file is empty; a header line with the columns step and rss_mb is expected", path.string() };
    }
    std::string_view header = lines->line();
    if (header.starts_with("\xEF\xBB\xBF")) {
        header.remove_prefix(3);
    }
    const auto stepColumn = columnOf(header, "step");
    const auto valueColumn = columnOf(header, column);
    if (!stepColumn || !valueColumn) {
        const std::string_view missing = stepColumn ? column : std::string_view("step");
        return Error { ErrorCode::Usage,
            fmt::format("there is no column \"{}\" in the header; name another with --column", missing), path.string() };
    }
    LeakTrace trace;
    while (lines->next()) {
        if (lines->line().empty()) {
            continue;
        }
        auto row = parseRow(*lines, *stepColumn, *valueColumn);
        if (!row) {
            return row.error();
        }
        if (!trace.rows.empty() && row->step <= trace.rows.back().step) {
            return lines->refusal(fmt::format("step {} comes after step {}; steps must rise", row->step, trace.rows.back().step));
        }
        if (trace.rows.size() == kMostRows) {
            return lines->refusal("the trace has more than 10,000,000 rows; cut it or thin it out");
        }
        trace.rows.push_back(*row);
    }
    if (lines->isCutShort()) {
        return lines->refusal("the line is longer than 65,535 characters; this is no table of samples");
    }
    if (trace.rows.empty()) {
        return Error { ErrorCode::Data, "there is a header and no row below it", path.string() };
    }
    return trace;
}

TraceVerdict judgeTrace(const LeakTrace& trace, const TraceWishes& wishes)
{
    const double stride = strideOf(trace);
    LeakLadder ladder(
        LadderRules::forResident(wishes.levels.warnMbPerStep * stride, wishes.levels.actMbPerStep * stride));
    LimitWatch limit;
    const LimitFacts facts { .limitMb = wishes.limitMb.value_or(0) };
    Refractory warned;
    Refractory acted;
    TraceVerdict verdict;
    bool isReloaded = !wishes.reloadAt.has_value();
    for (const LeakTrace::Row& row : trace.rows) {
        if (!isReloaded && row.step >= *wishes.reloadAt) {
            ladder.restart();
            limit.restart();
            isReloaded = true;
        }
        ladder.add(row.mb);
        const bool warnsNow = ladder.warns();
        limit.add(row.mb, warnsNow);
        const LeakEstimate growth = ladder.evidence();
        const std::string_view urgent = ladder.isInGrace() ? std::string_view {} : limit.urgent(growth, facts);
        if (warned.lets(warnsNow, verdict.rows)) {
            verdict.alarms.push_back({ row.step, Decision::Warn, perStep(growth, stride), {} });
        }
        if (acted.lets(ladder.acts() || !urgent.empty(), verdict.rows)) {
            verdict.alarms.push_back({ row.step, Decision::Act, perStep(growth, stride), std::string(urgent) });
        }
        ++verdict.rows;
        verdict.lastStep = row.step;
    }
    verdict.growth = perStep(ladder.estimate(), stride);
    verdict.nothingAbove = ladder.nothingAbove() / stride;
    verdict.toLimit = inSteps(limit.forecast(ladder.estimate(), facts.limitMb), stride);
    return verdict;
}

std::string toJson(const TraceAlarm& alarm)
{
    const std::string reason = alarm.reason.empty() ? "" : fmt::format(", \"reason\": \"{}\"", alarm.reason);
    return fmt::format("{{\"step\": {}, \"decision\": \"{}\", \"mb_per_step\": {}, \"low\": {}, \"high\": {}{}}}",
        alarm.step, alarm.decision == Decision::Act ? "act" : "warn", slope(alarm.growth.mbPerStep),
        slope(alarm.growth.low), slope(alarm.growth.high), reason);
}

std::string toJson(const TraceVerdict& verdict)
{
    const auto count = [&](Decision decision) { return std::ranges::count(verdict.alarms, decision, &TraceAlarm::decision); };
    const auto acts = count(Decision::Act);
    const auto warns = count(Decision::Warn);
    return fmt::format("{{\"summary\": true, \"step\": {}, \"rows\": {}, \"decision\": \"{}\", \"warn\": {}, \"act\": {}, "
                       "\"mb_per_step\": {}, \"low\": {}, \"high\": {}, \"nothing_above\": {}, \"steps_to_limit\": {}, "
                       "\"steps_to_limit_low\": {}, \"steps_to_limit_high\": {}}}",
        verdict.lastStep, verdict.rows, acts > 0 ? "act" : warns > 0 ? "warn" : "none", warns, acts,
        slope(verdict.growth.mbPerStep), slope(verdict.growth.low), slope(verdict.growth.high),
        verdict.nothingAbove > 0 ? slope(verdict.nothingAbove) : "null", numberOrNull(verdict.toLimit.steps), numberOrNull(verdict.toLimit.low),
        numberOrNull(verdict.toLimit.high));
}

} // namespace dubito::memory
