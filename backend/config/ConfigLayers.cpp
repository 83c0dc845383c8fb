// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/config/ConfigLayers.h"

#include "backend/base/Check.h"
#include "backend/base/Text.h"
#include "backend/config/ConfigFields.h"
#include "backend/config/ConfigFile.h"
#include "backend/config/ConfigFolders.h"
#include "backend/config/ConfigRules.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <unistd.h>

namespace dubito::config {

namespace {

constexpr std::string_view kPrefix = "DUBITO_";
constexpr double kEmbeddedLearningRate = 2e-3;

/// Variables of ours that are no keys.
constexpr std::array<std::string_view, 4> kOtherVariables { "DUBITO_F32_PRODUCTS", "DUBITO_SUPERVISED",
    "DUBITO_ORACLE_DIR", "DUBITO_MACHINE_ROOT" };

std::size_t indexOf(const Field& field) { return static_cast<std::size_t>(&field - fields().data()); }

/// Lays one layer after the other on the defaults.
class Stack {
public:
    Stack()
    {
        for (const Field& field : fields()) {
            m_layered.origins.push_back({ std::string(field.key), Layer::Default, {} });
        }
    }

    void set(const Field& field, const Value& value, Layer layer, std::string place)
    {
        field.set(m_layered.config, value);
        Origin& origin = m_layered.origins[indexOf(field)];
        origin.layer = layer;
        origin.place = std::move(place);
    }

    void setFromText(const Field& field, std::string_view text, Layer layer, const std::string& place)
    {
        auto value = parseValue(field, text);
        if (value) {
            set(field, *value, layer, place);
        } else {
            refuse({ ErrorCode::Usage, value.error().message, place });
        }
    }

    void layFile(FileReading reading, Layer layer)
    {
        for (FileValue& value : reading.values) {
            set(*value.field, value.value, layer, std::move(value.where));
        }
        for (Error& problem : reading.problems) {
            refuse(std::move(problem));
        }
    }

    void refuse(Error problem) { m_layered.problems.push_back(std::move(problem)); }
    void warn(Error warning) { m_layered.warnings.push_back(std::move(warning)); }

    const Config& config() const { return m_layered.config; }

    const Origin& originOf(std::string_view key) const
    {
        const Field* field = findField(key);
        CHECK(field != nullptr, "the table lacks a key that the layers know");
        return m_layered.origins[indexOf(*field)];
    }

    LayeredConfig take() { return std::move(m_layered); }

private:
    LayeredConfig m_layered;
};

void layNamed(const std::string& name, ConfigKind kind, const ConfigSources& sources, Stack& stack)
{
    if (name.empty()) {
        return;
    }
    const auto file = findConfig(name, kind, sources.folders);
    if (!file) {
        stack.refuse(file.error());
        return;
    }
    stack.layFile(readConfigFile(*file), kind == ConfigKind::Profile ? Layer::Profile : Layer::Preset);
}

void layFile(const ConfigSources& sources, Stack& stack)
{
    if (sources.fileText) {
        stack.layFile(readConfigText(*sources.fileText, sources.file.string()), Layer::File);
    } else if (!sources.file.empty()) {
        stack.layFile(readConfigFile(sources.file), Layer::File);
    }
}

/// The environment names of keys and aliases, beside those names.
const std::vector<std::string>& environmentNames()
{
    static const std::vector<std::string> kNames = [] {
        std::vector<std::string> names;
        for (const std::string_view name : fieldNames()) {
            names.push_back(environmentName(name));
        }
        return names;
    }();
    return kNames;
}

Error unknownVariable(const std::string& name)
{
    const std::vector<std::string_view> known(environmentNames().begin(), environmentNames().end());
    std::string message = "is no variable of Dubito and is ignored";
    if (const auto near = name.size() < 200 ? nearestWord(name, known) : std::nullopt) {
        message += fmt::format("; did you mean {}?", *near);
    }
    return { ErrorCode::Usage, std::move(message), escaped(name) };
}

void layEnvironment(const ConfigSources& sources, Stack& stack)
{
    for (const auto& [name, text] : sources.environment) {
        if (!name.starts_with(kPrefix) || std::ranges::find(kOtherVariables, name) != kOtherVariables.end()) {
            continue;
        }
        const auto& names = environmentNames();
        const auto found = std::ranges::find(names, name);
        if (found == names.end()) {
            stack.warn(unknownVariable(name));
            continue;
        }
        const Field* field = findField(fieldNames()[static_cast<std::size_t>(found - names.begin())]);
        stack.setFromText(*field, text, Layer::Environment, name);
    }
}

void layFlags(const ConfigSources& sources, Stack& stack)
{
    for (const Assignment& assignment : sources.flags) {
        if (const Field* field = findField(assignment.key)) {
            stack.setFromText(*field, assignment.text, Layer::Flag, assignment.flag);
        } else {
            stack.refuse({ ErrorCode::Usage, unknownKeyMessage(assignment.key), assignment.flag });
        }
    }
}

/// Defaults that depend on what was chosen: nobody who chose a value is overruled.
void layDependentDefaults(Stack& stack)
{
    if (stack.config().model.path.empty() && stack.originOf("training.learning_rate").layer == Layer::Default) {
        stack.set(*findField("training.learning_rate"), kEmbeddedLearningRate, Layer::Embedded, {});
    }
    const Training& training = stack.config().training;
    if (training.warmupSteps > training.steps && stack.originOf("training.warmup_steps").layer == Layer::Default) {
        stack.set(*findField("training.warmup_steps"), training.steps, Layer::Default, "shortened to training.steps");
    }
}

void checkRules(Stack& stack)
{
    for (Problem& problem : brokenRules(stack.config())) {
        stack.refuse({ ErrorCode::Usage, std::move(problem.message), stack.originOf(problem.key).place });
    }
}

} // namespace

LayeredConfig layerConfig(const ConfigSources& sources)
{
    Stack stack;
    layNamed(sources.profile, ConfigKind::Profile, sources, stack);
    layNamed(sources.preset, ConfigKind::Preset, sources, stack);
    layFile(sources, stack);
    layEnvironment(sources, stack);
    layFlags(sources, stack);
    layDependentDefaults(stack);
    checkRules(stack);
    return stack.take();
}

std::vector<std::pair<std::string, std::string>> processEnvironment()
{
    std::vector<std::pair<std::string, std::string>> variables;
    for (char** entry = ::environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        const auto equals = text.find('=');
        if (text.starts_with(kPrefix) && equals != std::string_view::npos) {
            variables.emplace_back(text.substr(0, equals), text.substr(equals + 1));
        }
    }
    std::ranges::sort(variables);
    return variables;
}

std::string environmentName(std::string_view key)
{
    std::string name(kPrefix);
    for (const char c : key) {
        name += c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    return name;
}

} // namespace dubito::config
