// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/metrics/MetricsReading.h"

#include "backend/base/Text.h"
#include "backend/metrics/LineSearch.h"

#include <cerrno>
#include <cstring>
#include <limits>
#include <optional>
#include <simdjson.h>

namespace dubito::metrics {

namespace {

constexpr std::size_t kBlockBytes = std::size_t { 4 } << 20;
constexpr std::size_t kLongestLine = std::size_t { 64 } << 10;
constexpr std::size_t kMostKeys = 256;
constexpr StepRange kEveryStep { std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max() };

/// Parses lines one after another, with memory that is used again. The lines of a run have the same keys in the same
/// order: each key is looked for where it stood in the line before.
class LineParser {
public:
    /// Requires: SIMDJSON_PADDING readable bytes after the line. False: no line of ours.
    bool parse(const char* text, std::size_t size, MetricsLine& line)
    {
        simdjson::ondemand::document document;
        simdjson::ondemand::object object;
        if (m_parser.iterate(text, size, size + simdjson::SIMDJSON_PADDING).get(document) != simdjson::SUCCESS
            || document.get_object().get(object) != simdjson::SUCCESS) {
            return false;
        }
        line.values.clear();
        m_hasStep = m_hasTime = false;
        std::size_t place = 0;
        for (auto found : object) {
            simdjson::ondemand::field field;
            if (std::move(found).get(field) != simdjson::SUCCESS || !take(field, place++, line)) {
                return false;
            }
        }
        const bool isAll = document.current_location().error() == simdjson::OUT_OF_BOUNDS;
        return m_hasStep && m_hasTime && isAll;
    }

private:
    enum class Meaning : std::uint8_t { Foreign, Step, Time, Value };
    struct Key {
        Meaning meaning = Meaning::Foreign;
        Metric metric = Metric::CrossEntropy;
        std::string_view text; ///< of a table: it stays
    };

    static Key keyOf(std::string_view text)
    {
        if (text == "step") {
            return { Meaning::Step, {}, "step" };
        }
        if (text == "time") {
            return { Meaning::Time, {}, "time" };
        }
        if (const auto metric = toMetric(text)) {
            return { Meaning::Value, *metric, row(*metric).key };
        }
        return {};
    }

    std::optional<Key> keyAt(simdjson::ondemand::field& field, std::size_t place)
    {
        if (place < m_keys.size()) {
            const std::string_view known = m_keys[place].text;
            const char* raw = field.key().raw();
            if (!known.empty() && std::memcmp(raw, known.data(), known.size()) == 0 && raw[known.size()] == '"') {
                return m_keys[place];
            }
        }
        std::string_view text;
        if (field.unescaped_key().get(text) != simdjson::SUCCESS) {
            return std::nullopt;
        }
        const Key key = keyOf(text);
        if (place < kMostKeys) {
            m_keys.resize(std::max(m_keys.size(), place + 1));
            m_keys[place] = key;
        }
        return key;
    }

    /// False when the line is broken here. A value that is null is known not to be a number; any other is not known.
    bool take(simdjson::ondemand::field& field, std::size_t place, MetricsLine& line)
    {
        const auto key = keyAt(field, place);
        simdjson::ondemand::json_type type {};
        if (!key || field.value().type().get(type) != simdjson::SUCCESS) {
            return false;
        }
        if (key->meaning == Meaning::Value && type == simdjson::ondemand::json_type::null) {
            line.values.emplace_back(key->metric, std::numeric_limits<double>::quiet_NaN());
            return true;
        }
        if (key->meaning == Meaning::Foreign || type != simdjson::ondemand::json_type::number) {
            return key->meaning == Meaning::Foreign || key->meaning == Meaning::Value;
        }
        if (key->meaning == Meaning::Step) {
            m_hasStep = field.value().get_int64().get(line.step) == simdjson::SUCCESS;
            return m_hasStep;
        }
        double number = 0;
        if (field.value().get_double().get(number) != simdjson::SUCCESS) {
            return false;
        }
        if (key->meaning == Meaning::Time) {
            m_hasTime = true;
            line.time = std::chrono::milliseconds(toWholeNumber(number * 1000.0 + 0.5));
        } else {
            line.values.emplace_back(key->metric, number);
        }
        return true;
    }

    simdjson::ondemand::parser m_parser;
    std::vector<Key> m_keys; ///< of the line before, by place; at most kMostKeys
    bool m_hasStep = false;
    bool m_hasTime = false;
};

class Reading {
public:
    Reading(const MetricsListener& listener, const StepRange& steps, std::stop_token stop)
        : m_listener(listener)
        , m_steps(steps)
        , m_stop(std::move(stop))
        , m_buffer(kBlockBytes + kLongestLine + simdjson::SIMDJSON_PADDING)
    {
    }

    Result<void> read(const std::filesystem::path& file)
    {
        const LineFile in(file);
        if (!in.isOpen()) {
            return Error { ErrorCode::NotFound, "there are no metrics to read; name the folder of a run, or its metrics.jsonl", file.string() };
        }
        m_held = 0;
        m_isTooLong = false;
        std::int64_t at = m_steps.first > kEveryStep.first ? in.lineBefore(m_steps.first) : 0;
        while (!m_isPast) {
            const std::int64_t got = in.read(m_buffer.data() + m_held, kBlockBytes, at);
            if (got < 0) {
                return Error { ErrorCode::NotFound, std::string("metrics cannot be read: ") + std::strerror(errno),
                    file.string() };
            }
            if (got == 0) {
                break;
            }
            if (m_stop.stop_requested()) {
                return Error { ErrorCode::Refused, "the reading was stopped", file.string() };
            }
            at += got;
            m_held += static_cast<std::size_t>(got);
            m_progress.bytesRead += got;
            takeLines();
            if (m_listener.onProgress) {
                m_listener.onProgress(m_progress);
            }
        }
        if (!m_isPast && (m_held > 0 || m_isTooLong)) {
            takeLine(m_buffer.data(), m_held); // a last line without its end: torn, or about to be written
        }
        return {};
    }

    /// A line beyond the steps that were asked for has been seen: nothing follows that belongs to them.
    bool isPast() const { return m_isPast; }
    void expect(std::int64_t bytes) { m_progress.bytesInAll += bytes; }
    std::int64_t skipped() const { return m_skipped; }

private:
    /// All whole lines of the buffer; the rest is moved to its beginning.
    void takeLines()
    {
        const char* at = m_buffer.data();
        const char* end = at + m_held;
        while (const auto* newline
            = static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)))) {
            takeLine(at, static_cast<std::size_t>(newline - at));
            at = newline + 1;
            if (m_isPast) {
                return;
            }
        }
        m_held = static_cast<std::size_t>(end - at);
        if (m_held > kLongestLine) {
            m_isTooLong = true; // dropped as it comes
            m_held = 0;
        }
        std::memmove(m_buffer.data(), at, m_held);
    }

    void takeLine(const char* text, std::size_t size)
    {
        const bool isTooLong = std::exchange(m_isTooLong, false) || size > kLongestLine;
        if (isTooLong || !m_parser.parse(text, size, m_line)) {
            ++m_skipped;
        } else if (m_line.step > m_steps.last) {
            m_isPast = true;
        } else if (m_line.step >= m_steps.first) {
            m_listener.onLine(m_line);
        }
    }

    const MetricsListener& m_listener;
    StepRange m_steps;
    bool m_isPast = false;
    std::stop_token m_stop;
    std::vector<char> m_buffer;
    std::size_t m_held = 0;
    bool m_isTooLong = false; ///< the beginning of this line was dropped
    LineParser m_parser;
    MetricsLine m_line;
    ReadingProgress m_progress;
    std::int64_t m_skipped = 0;
};

std::int64_t sizeOf(const std::filesystem::path& file)
{
    std::error_code ignored;
    const auto size = std::filesystem::file_size(file, ignored);
    return ignored ? 0 : static_cast<std::int64_t>(size);
}

} // namespace

Result<std::int64_t> readMetrics(const std::filesystem::path& path, const StepRange& steps,
    const MetricsListener& listener, std::stop_token stop)
{
    Reading reading(listener, steps, std::move(stop));
    const auto files = metricsFiles(path);
    for (const auto& file : files) {
        reading.expect(sizeOf(file));
    }
    for (const auto& file : files) {
        if (auto read = reading.read(file); !read) {
            return read.error();
        }
        if (reading.isPast()) {
            break;
        }
    }
    return reading.skipped();
}

Result<std::int64_t> readMetrics(const std::filesystem::path& path, const MetricsListener& listener, std::stop_token stop)
{
    return readMetrics(path, kEveryStep, listener, std::move(stop));
}

Result<std::int64_t> readMetrics(
    const std::filesystem::path& path, const std::function<void(const MetricsLine&)>& onLine)
{
    return readMetrics(path, MetricsListener { .onLine = onLine });
}

} // namespace dubito::metrics
