// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/config/ConfigSaving.h"

#include "backend/config/ConfigFields.h"
#include "backend/config/ConfigFile.h"
#include "backend/config/ConfigText.h"
#include "ui/Format.h"

#include <QFile>
#include <QSaveFile>

#include <algorithm>

namespace dubito::ui {

namespace {

config::Layer layerOf(const config::ConfigStatus& status, std::string_view key)
{
    const auto origin = std::ranges::find(status.origins, key, &config::Origin::key);
    return origin == status.origins.end() ? config::Layer::Default : origin->layer;
}

/// Whether the file gives the key another value than the one that came from it. (A flag or a variable may rightly win.)
bool saysOtherwise(const config::FileReading& file, const config::Field& field, const std::string& value)
{
    const auto found = std::ranges::find_if(
        file.values, [&](const config::FileValue& candidate) { return candidate.field->key == field.key; });
    return found != file.values.end() && config::toText(found->value) != value;
}

} // namespace

std::vector<config::Difference> toBeSaved(
    std::string_view fileText, const config::ConfigStatus& status, const config::Config& draft)
{
    const config::FileReading file = config::readConfigText(fileText, status.file);
    std::vector<config::Difference> changes;
    for (const config::Field& field : config::fields()) {
        const std::string before = config::toText(field.get(*status.inForce));
        const std::string after = config::toText(field.get(draft));
        const config::Layer layer = layerOf(status, field.key);
        const bool wasRefused = layer == config::Layer::File && saysOtherwise(file, field, after);
        if (before != after || layer == config::Layer::Window || wasRefused) {
            changes.push_back({ field.key, before, after, field.when });
        }
    }
    return changes;
}

Result<std::string> textToSave(std::string_view fileText, const config::ConfigStatus& status, const config::Config& draft)
{
    return config::withChanges(fileText, toBeSaved(fileText, status, draft));
}

Result<config::Config> withFileValues(const config::Config& inForce, std::string_view fileText, const std::string& name)
{
    const config::FileReading reading = config::readConfigText(fileText, name);
    if (!reading.problems.empty()) {
        return reading.problems.front();
    }
    config::Config config = inForce;
    for (const config::FileValue& value : reading.values) {
        value.field->set(config, value.value);
    }
    return config;
}

Result<std::string> readText(const QString& path)
{
    QFile file(path);
    if (path.isEmpty() || !file.exists()) {
        return std::string();
    }
    if (!file.open(QIODevice::ReadOnly)) {
        return Error { ErrorCode::NotFound, format::utf8(file.errorString()), format::utf8(path) };
    }
    const QByteArray bytes = file.read(static_cast<qint64>(config::kLargestConfigFile) + 1);
    if (bytes.size() > static_cast<qsizetype>(config::kLargestConfigFile)) {
        return Error { ErrorCode::Usage, "the file is too large for a configuration (256 KiB at most)", format::utf8(path) };
    }
    return bytes.toStdString();
}

Result<void> writeText(const QString& path, std::string_view text)
{
    QSaveFile file(path);
    const auto size = static_cast<qint64>(text.size());
    if (!file.open(QIODevice::WriteOnly) || file.write(text.data(), size) != size || !file.commit()) {
        return Error { ErrorCode::Output, "it cannot be written: " + format::utf8(file.errorString()) + ". Save it somewhere else.", format::utf8(path) };
    }
    return {};
}

} // namespace dubito::ui
