// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/metrics/MetricsFile.h"

#include "backend/base/FileIdentity.h"
#include "backend/base/Text.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <fstream>
#include <optional>
#include <simdjson.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace dubito::metrics {

namespace {

constexpr std::size_t kBufferBytes = std::size_t { 64 } << 10;

Error cannotWrite(const std::filesystem::path& path, int number)
{
    return { ErrorCode::Output,
        fmt::format("metrics cannot be written: {}; free some space or choose another --metrics file",
            std::strerror(number)),
        path.string() };
}

/// metrics.jsonl -> metrics.1.jsonl
std::filesystem::path rotatedName(const std::filesystem::path& path, int number)
{
    auto name = path;
    name.replace_filename(path.stem().string() + "." + std::to_string(number) + path.extension().string());
    return name;
}

int rotatedFiles(const std::filesystem::path& path)
{
    int count = 0;
    std::error_code ignored; // what cannot be looked at cannot be opened either, and that says why
    while (std::filesystem::exists(rotatedName(path, count + 1), ignored)) {
        ++count;
    }
    return count;
}

/// Neither a line of ours nor empty: a corpus, say, that was named by mistake.
bool isForeign(const std::filesystem::path& path)
{
    constexpr std::string_view kBegin = "{\"step\":";
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(path, ignored)) {
        return false;
    }
    std::ifstream in(path, std::ios::binary);
    std::string begin(kBegin.size(), '\0');
    in.read(begin.data(), static_cast<std::streamsize>(begin.size()));
    begin.resize(static_cast<std::size_t>(in.gcount()));
    return !kBegin.starts_with(begin);
}

/// Before anything is cut or removed: all of it must be metrics.
Result<void> requireMetrics(const std::filesystem::path& path)
{
    for (const auto& file : metricsFiles(path)) {
        if (isForeign(file)) {
            return Error { ErrorCode::Usage,
                "holds something else than metrics, which would be lost; choose another --metrics file", file.string() };
        }
    }
    return {};
}

struct Opened {
    int descriptor = -1;
    bool isRegular = false; ///< pipes and devices can be written, and neither cut, rotated nor made durable
};

Result<Opened> openToWrite(const std::filesystem::path& path)
{
    // Without O_NONBLOCK a named pipe that nobody reads would hold the program for ever.
    Opened opened { ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0644) };
    if (opened.descriptor < 0 && errno == ENXIO) {
        return Error { ErrorCode::Output, "is a pipe that nobody reads; start its reader first, or choose another --metrics file",
            path.string() };
    }
    if (opened.descriptor < 0) {
        return cannotWrite(path, errno);
    }
    struct stat status { };
    opened.isRegular = ::fstat(opened.descriptor, &status) == 0 && S_ISREG(status.st_mode);
    if (!opened.isRegular) {
        ::fcntl(opened.descriptor, F_SETFL, O_WRONLY | O_APPEND);
    } else if (::flock(opened.descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        ::close(opened.descriptor);
        return Error { ErrorCode::Usage, "another process writes its metrics here; choose another --metrics file",
            path.string() };
    }
    return opened;
}

/// What is no file of a disk refuses, and has nothing to lose.
bool isSynced(int descriptor) { return ::fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS; }

/// Everything of a file that may have no name any more; without /proc nothing. 0, or the number of the error of the target.
int copyAll(int from, int to)
{
    const int source = ::open(fmt::format("/proc/self/fd/{}", from).c_str(), O_RDONLY | O_CLOEXEC);
    if (source < 0) {
        return 0;
    }
    std::array<char, kBufferBytes> piece;
    int problem = 0;
    for (ssize_t got = 0; problem == 0 && (got = ::read(source, piece.data(), piece.size())) > 0;) {
        for (ssize_t done = 0; problem == 0 && done < got;) {
            const ssize_t written = ::write(to, piece.data() + done, static_cast<std::size_t>(got - done));
            problem = written < 0 && errno != EINTR ? errno : 0;
            done += std::max<ssize_t>(written, 0);
        }
    }
    ::close(source);
    return problem;
}

std::optional<MetricsLine> parseLine(simdjson::dom::parser& parser, const std::string& text)
{
    simdjson::dom::object object;
    if (parser.parse(text).get(object) != simdjson::SUCCESS) {
        return std::nullopt;
    }
    MetricsLine line;
    double time = 0;
    if (object["step"].get(line.step) != simdjson::SUCCESS || object["time"].get(time) != simdjson::SUCCESS) {
        return std::nullopt;
    }
    line.time = std::chrono::milliseconds(toWholeNumber(time * 1000.0 + 0.5));
    for (const auto field : object) {
        double value = 0;
        const auto metric = toMetric(field.key);
        if (metric && field.value.get(value) == simdjson::SUCCESS) {
            line.values.emplace_back(*metric, value);
        }
    }
    return line;
}

/// Bytes of the lines up to `step`, from the first line to the one after which everything is cut.
std::int64_t keptBytes(const std::filesystem::path& path, std::int64_t step)
{
    std::ifstream in(path, std::ios::binary);
    simdjson::dom::parser parser;
    std::int64_t kept = 0;
    for (std::string text; std::getline(in, text);) {
        const bool isTorn = in.eof();
        const auto line = parseLine(parser, text);
        if (isTorn || !line || line->step > step) {
            break;
        }
        kept += static_cast<std::int64_t>(text.size()) + 1;
    }
    return kept;
}

/// Whether nothing of a file is to be kept: it is absent or empty, or its first line is after `step`.
bool holdsNothingUpTo(const std::filesystem::path& path, std::int64_t step)
{
    std::ifstream in(path, std::ios::binary);
    std::string text;
    simdjson::dom::parser parser;
    const auto line = std::getline(in, text) ? parseLine(parser, text) : std::nullopt;
    return !line || line->step > step;
}

} // namespace

std::string toJson(const MetricsLine& line)
{
    std::string text = fmt::format("{{\"step\":{}", line.step);
    for (const auto& [metric, value] : line.values) {
        text += fmt::format(",\"{}\":{}", row(metric).key, exactNumber(value));
    }
    text += fmt::format(",\"time\":{}.{:03}}}\n", line.time.count() / 1000, line.time.count() % 1000);
    return text;
}

MetricsFile::MetricsFile(std::filesystem::path path, std::int64_t maxBytes, int descriptor, std::int64_t size)
    : m_path(std::move(path))
    , m_maxBytes(maxBytes)
    , m_descriptor(descriptor)
    , m_size(size)
{
    m_buffer.reserve(kBufferBytes);
}

MetricsFile::MetricsFile(MetricsFile&& other) noexcept
    : m_path(std::move(other.m_path))
    , m_maxBytes(other.m_maxBytes)
    , m_descriptor(std::exchange(other.m_descriptor, -1))
    , m_size(other.m_size)
    , m_buffer(std::move(other.m_buffer))
{
}

MetricsFile& MetricsFile::operator=(MetricsFile&& other) noexcept
{
    std::swap(m_path, other.m_path);
    std::swap(m_maxBytes, other.m_maxBytes);
    std::swap(m_descriptor, other.m_descriptor);
    std::swap(m_size, other.m_size);
    std::swap(m_buffer, other.m_buffer);
    return *this;
}

MetricsFile::~MetricsFile()
{
    if (m_descriptor >= 0) {
        // The run has ended and its result is known: a last flush that fails has nobody left to tell.
        static_cast<void>(flush());
        ::close(m_descriptor);
    }
}

Result<MetricsFile> MetricsFile::create(const std::filesystem::path& path, std::int64_t maxBytes)
{
    if (auto ours = requireMetrics(path); !ours) {
        return ours.error();
    }
    const auto opened = openToWrite(path);
    if (!opened) {
        return opened.error();
    }
    MetricsFile file(path, opened->isRegular ? maxBytes : 0, opened->descriptor, 0);
    if (!opened->isRegular) {
        return file;
    }
    for (int number = rotatedFiles(path); number > 0; --number) {
        std::error_code ignored;
        std::filesystem::remove(rotatedName(path, number), ignored);
    }
    return ::ftruncate(opened->descriptor, 0) == 0 ? Result<MetricsFile>(std::move(file)) : cannotWrite(path, errno);
}

Result<MetricsFile> MetricsFile::resume(const std::filesystem::path& path, std::int64_t maxBytes, std::int64_t step)
{
    if (auto ours = requireMetrics(path); !ours) {
        return ours.error();
    }
    // First of all, so that nothing is taken from a run that is still writing.
    auto opened = openToWrite(path);
    // Whole files of later steps go first: the newest one that holds earlier steps becomes the file that is written, so
    // that the cut is always in that one.
    for (int number = rotatedFiles(path); opened && opened->isRegular && number > 0 && holdsNothingUpTo(path, step);
         --number) {
        std::error_code problem;
        std::filesystem::rename(rotatedName(path, number), path, problem);
        ::close(opened->descriptor);
        opened = problem ? Result<Opened>(cannotWrite(path, problem.value())) : openToWrite(path);
    }
    if (!opened) {
        return opened.error();
    }
    MetricsFile file(path, opened->isRegular ? maxBytes : 0, opened->descriptor, 0);
    if (opened->isRegular) {
        file.m_size = keptBytes(path, step);
        if (::ftruncate(opened->descriptor, file.m_size) != 0) {
            return cannotWrite(path, errno);
        }
    }
    return file;
}

Result<void> MetricsFile::append(const MetricsLine& line)
{
    m_buffer += toJson(line);
    if (m_buffer.size() < kBufferBytes / 2) {
        return {};
    }
    return flush();
}

Result<void> MetricsFile::flush()
{
    std::size_t done = 0;
    while (done < m_buffer.size()) {
        const ssize_t written = ::write(m_descriptor, m_buffer.data() + done, m_buffer.size() - done);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0) {
            const int number = errno;
            m_buffer.erase(0, done);
            return cannotWrite(m_path, number);
        }
        done += static_cast<std::size_t>(written);
        m_size += written;
    }
    m_buffer.clear();
    return m_maxBytes > 0 && m_size >= m_maxBytes ? rotate() : Result<void>();
}

Result<void> MetricsFile::rotate()
{
    if (::fsync(m_descriptor) != 0) {
        return cannotWrite(m_path, errno);
    }
    std::error_code problem;
    std::filesystem::rename(m_path, rotatedName(m_path, rotatedFiles(m_path) + 1), problem);
    if (problem) {
        return cannotWrite(m_path, problem.value());
    }
    const auto opened = openToWrite(m_path);
    if (!opened) {
        return opened.error();
    }
    ::close(std::exchange(m_descriptor, opened->descriptor));
    m_size = 0;
    return {};
}

bool MetricsFile::isInPlace() const
{
    struct stat status { };
    return ::fstat(m_descriptor, &status) != 0 || !S_ISREG(status.st_mode) || standsAt(m_descriptor, m_path);
}

Result<void> MetricsFile::restore()
{
    if (isForeign(m_path)) {
        return Error { ErrorCode::Usage,
            "the metrics were removed while the run went on, and something else stands in their place, which would be lost; "
            "move it away and go on with --resume",
            m_path.string() };
    }
    const auto opened = openToWrite(m_path);
    if (!opened) {
        return opened.error();
    }
    const int before = std::exchange(m_descriptor, opened->descriptor);
    struct stat status { };
    const bool isNew = opened->isRegular && ::fstat(m_descriptor, &status) == 0 && status.st_size == 0;
    const int problem = isNew ? copyAll(before, m_descriptor) : 0;
    ::close(before);
    m_size = ::fstat(m_descriptor, &status) == 0 ? status.st_size : 0;
    return problem == 0 ? Result<void>() : cannotWrite(m_path, problem);
}

Result<void> syncFile(const std::filesystem::path& path)
{
    std::error_code ignored;
    if (const auto kind = std::filesystem::status(path, ignored).type();
        kind == std::filesystem::file_type::fifo || kind == std::filesystem::file_type::character) {
        return {}; // nothing of it is on a disk, and opening it could wait for ever
    }
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0 && errno == ENOENT) {
        // The train thread rotates at this very moment: it has made all lines durable under the old name.
        return {};
    }
    if (descriptor < 0) {
        return cannotWrite(path, errno);
    }
    const bool isDone = isSynced(descriptor);
    const int number = errno;
    ::close(descriptor);
    return isDone ? Result<void>() : cannotWrite(path, number);
}

std::vector<std::filesystem::path> metricsFiles(const std::filesystem::path& path)
{
    std::vector<std::filesystem::path> files;
    for (int number = 1; number <= rotatedFiles(path); ++number) {
        files.push_back(rotatedName(path, number));
    }
    std::error_code ignored;
    const bool isStream = std::filesystem::exists(path, ignored) && !std::filesystem::is_regular_file(path, ignored)
        && !std::filesystem::is_directory(path, ignored);
    if (!isStream) {
        files.push_back(path);
    }
    return files;
}

} // namespace dubito::metrics
