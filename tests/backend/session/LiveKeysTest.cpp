// SPDX-License-Identifier: GPL-3.0-or-later
// Every key that acts at the next step does: the wire from the table to what it changes is cut here first.
#include "backend/config/ConfigFields.h"
#include "backend/memory/PressureGuard.h"
#include "backend/reload/ReloadBudget.h"
#include "backend/session/Guardian.h"
#include "tests/backend/session/LiveKeyStage.h"
#include "tests/support/FakeProbe.h"

#include <fmt/chrono.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

namespace dubito::session {
namespace {

/// The configuration of a small run with some keys changed, "key=value key=value".
config::Config changed(const config::Config& from, const std::string& assignments)
{
    config::Config config = from;
    std::istringstream words(assignments);
    for (std::string word; words >> word;) {
        const auto equals = word.find('=');
        const auto set = config::setFromText(config, word.substr(0, equals), word.substr(equals + 1));
        EXPECT_TRUE(set) << word;
    }
    return config;
}

/// What a Guardian says of memory that grows by half a MiB in each of 700 steps.
std::string leakStory(const config::Config& config)
{
    const SmallRun small;
    RunStage stage(small);
    memory::FakeProbe probe;
    memory::TensorPool pool;
    Guardian guardian(stage.boards, pool, probe, small.config());
    guardian.configure(config);
    for (int step = 1; step <= 700; ++step) {
        probe.processMemory.resident += kMiB / 2;
        guardian.look(step, std::chrono::milliseconds(step), 100);
    }
    std::string story;
    for (const Event& event : stage.boards.events.newest()) {
        story += event.kind == EventKind::Warn || event.kind == EventKind::Act ? toWord(event.kind) : "";
    }
    return story;
}

struct Row {
    std::string_view key;
    std::string before; ///< assignments of the first configuration
    std::string after; ///< and of the second
    std::string (*inRun)(Seen& seen) = nullptr; ///< looked at after a run, or
    std::string (*ofConfig)(const config::Config& config) = nullptr; ///< asked of what the run is made of
    std::string start {}; ///< assignments that both runs begin with
    void (*prepare)(Seen& seen) = nullptr; ///< before the run
};

std::string afterRun(const Row& row, const std::string& assignments)
{
    Seen seen(row.start);
    const auto wanted = std::make_shared<const config::Config>(changed(seen.small.config(), assignments));
    bool isTold = false;
    // After the first step: what is taken when a run is made would not be live.
    seen.stage().probe.onLook = [&] {
        if (!isTold && seen.stage().boards.run.copy().step >= 1) {
            isTold = true;
            EXPECT_TRUE(seen.stage().store.apply(wanted, config::Force::LiveFields)) << assignments;
            EXPECT_TRUE(seen.stage().commands.push(ApplyConfig { wanted, Cause::User }));
        }
    };
    if (row.prepare != nullptr) {
        row.prepare(seen);
    }
    seen.stage().work();
    EXPECT_TRUE(isTold) << "the run was over before";
    return row.inRun(seen);
}

/// A folder with three reports of the day before yesterday.
void fillWithOldReports(const std::filesystem::path& folder, const Clock& clock)
{
    std::filesystem::create_directories(folder);
    const auto then = std::chrono::system_clock::to_time_t(clock.wall() - std::chrono::hours(48));
    for (int i = 0; i < 3; ++i) {
        std::ofstream(folder / fmt::format("memory-{:%Y%m%d-%H%M%S}-00{}-old.json", fmt::gmtime(then), i)) << "{}";
    }
}

void writeOneReportMore(Seen& seen)
{
    fillWithOldReports(seen.small.output() / "reports", seen.clock);
    seen.stage().probe.onProcess = [&seen, isAsked = false]() mutable {
        if (seen.stage().boards.run.copy().step >= 3 && !std::exchange(isAsked, true)) {
            EXPECT_TRUE(seen.stage().commands.push(CleanUp { Cause::Signal }));
        }
        return 300 * kMiB;
    };
}

/// What is held out has nothing in common with what is trained: the more one learns, the less one expects it.
void holdOutTheUnknown(Seen& seen)
{
    seen.small.folder.write("val.jsonl", "{\"text\": \"Zq@xx ~~ 77 %% QQ {zz} Vx##kk\", \"auth_weight\": 0.1, \"prov_entropy\": 2}\n");
}

/// The first look leaves eight MiB in the cache of the pool, which no step can use.
void leaveSomethingUnused(Seen& seen)
{
    seen.stage().probe.onProcess = [&seen, isLeft = false]() mutable {
        if (!std::exchange(isLeft, true)) {
            EXPECT_TRUE(seen.stage().pool.allocate(static_cast<std::size_t>(8 * kMiB), Category::Data));
        }
        return 300 * kMiB;
    };
}

/// 4 GiB of 24 are left to the machine, and twenty seconds pass between two looks at it.
void fillTheMachine(Seen& seen)
{
    seen.stage().probe.onMachine = [&seen] {
        seen.clock.advance(std::chrono::seconds(20));
        return 4 * kGiB;
    };
}

void spoilALine(Seen& seen)
{
    seen.small.folder.write("train.jsonl", SmallRun::corpus(24) + "no JSON\n");
    seen.stage().probe.onProcess = [&seen] {
        seen.noted = seen.health(Module::Data);
        return 300 * kMiB;
    };
}

std::string batchReduction(Seen& seen)
{
    const auto events = seen.small.events();
    const auto found = std::ranges::find(events, EventKind::BatchReduced, &Event::kind);
    return found == events.end() ? "" : found->text;
}

std::string text(auto value) { return std::to_string(value); }

/// "checkpoint reload": whose memory was told in the log.
std::string operationsLogged(Seen& seen)
{
    std::string words;
    for (const std::string word : { "evaluation", "checkpoint", "reload" }) {
        const auto lines = seen.small.quiet.tail().newest(1000);
        words += std::ranges::any_of(lines, [&](const log::LogLine& line) { return line.text.starts_with(word + ": +"); }) ? word + " " : "";
    }
    return words;
}

const std::vector<Row>& rows()
{
    static const std::vector<Row> kRows {
        { "log.level", "", "log.level=error", [](Seen& s) { return text(static_cast<int>(s.small.quiet.level())); } },
        { "training.checkpoint_interval", "", "training.checkpoint_interval=4",
            [](Seen& s) { return text(s.count(EventKind::Checkpoint)); } },
        { "training.save_total_limit", "training.checkpoint_interval=2",
            "training.checkpoint_interval=2 training.save_total_limit=1", [](Seen& s) { return text(s.checkpoints()); } },
        { "training.evaluation_interval", "", "training.evaluation_interval=1",
            [](Seen& s) { return text(s.small.curve(metrics::Metric::Validation).size()); } },
        { "training.early_stop_patience", "training.early_stop_patience=0", "training.early_stop_patience=3",
            [](Seen& s) { return text(s.small.curve().size()); }, nullptr,
            "training.steps=40 training.evaluation_interval=2 training.learning_rate=0.02 training.warmup_steps=0",
            holdOutTheUnknown },
        { "training.memory_leak_threshold_mb", "training.memory_leak_threshold_mb=50",
            "training.memory_leak_threshold_mb=0.4", nullptr, leakStory },
        { "training.reload_interval_steps", "", "training.reload_interval_steps=3",
            [](Seen& s) { return text(s.count(EventKind::Reload)); } },
        { "training.reload_memory_threshold_gb", "", "training.reload_memory_threshold_gb=2",
            [](Seen& s) { return text(s.memory().limits.reloadThreshold); } },
        { "training.periodic_cache_clear_interval", "training.periodic_cache_clear_interval=0",
            "training.periodic_cache_clear_interval=2",
            [](Seen& s) { return text(s.small.curve(metrics::Metric::Cache).back().second >= 8); }, nullptr, {},
            leaveSomethingUnused },
        { "memory.budget_gb", "", "memory.budget_gb=3", [](Seen& s) { return text(s.stage().pool.limits().budgetBytes); } },
        { "memory.cache_limit_gb", "", "memory.cache_limit_gb=1",
            [](Seen& s) { return text(s.stage().pool.limits().cacheBytes); } },
        { "memory.pause_available_gb", "", "memory.pause_available_gb=2 memory.abort_available_gb=1",
            [](Seen& s) { return text(s.memory().limits.pauseAvailable); } },
        { "memory.abort_available_gb", "", "memory.abort_available_gb=1",
            [](Seen& s) { return text(s.memory().limits.abortAvailable); } },
        { "memory.pause_timeout_s", "", "memory.pause_timeout_s=7", nullptr,
            [](const config::Config& c) { return text(memory::pressureRules(c.memory, {}).longestPause.count()); } },
        { "memory.threshold_percentage", "", "memory.threshold_percentage=55", nullptr,
            [](const config::Config& c) { return text(memory::pressureRules(c.memory, {}).shrinkAtPercentage); } },
        { "memory.batch_size_reduction_factor", "", "memory.batch_size_reduction_factor=0.25", batchReduction, nullptr,
            "training.batch_size=8", fillTheMachine },
        { "memory.alert_percentage", "", "memory.alert_percentage=10", [](Seen& s) { return text(s.memory().limits.alert); } },
        { "memory.cleanup_percentage", "", "memory.cleanup_percentage=75",
            [](Seen& s) { return text(s.memory().limits.cleanup); } },
        { "memory.critical_percentage", "", "memory.critical_percentage=85",
            [](Seen& s) { return text(s.memory().limits.critical); } },
        { "memory.leak_warn_mb", "memory.leak_warn_mb=0.9", "memory.leak_warn_mb=0.05", nullptr, leakStory },
        { "memory.adaptive_levels", "", "memory.adaptive_levels=off",
            [](Seen& s) { return text(s.memory().phases[1].looks); } },
        { "memory.adaptive_cache", "", "memory.adaptive_cache=off", nullptr,
            [](const config::Config& c) {
                const SmallRun small;
                RunStage stage(small);
                memory::FakeProbe probe;
                Guardian guardian(stage.boards, stage.pool, probe, c);
                for (int step = 1; step <= 60; ++step) {
                    guardian.look(step, std::chrono::milliseconds(step), 100);
                }
                return guardian.status().cacheNote;
            } },
        { "memory.scopes", "", "memory.scopes=on", operationsLogged, nullptr, "training.checkpoint_interval=2 training.reload_interval_steps=3" },
        { "memory.emergency_handler", "memory.emergency_handler=on", "memory.emergency_handler=off", nullptr,
            [](const config::Config& c) {
                MonitorStage stage(c);
                stage.signal();
                return text(stage.posted());
            } },
        { "memory.save_reports", "", "memory.save_reports=off", [](Seen& s) { return text(s.reports()); }, nullptr, {},
            writeOneReportMore },
        { "memory.report_retention_days", "", "memory.report_retention_days=1", [](Seen& s) { return text(s.reports()); },
            nullptr, {}, writeOneReportMore },
        { "memory.report_limit", "", "memory.report_limit=2", [](Seen& s) { return text(s.reports()); }, nullptr, {},
            writeOneReportMore },
        { "reload.per_hour", "", "reload.per_hour=9", nullptr,
            [](const config::Config& c) {
                reload::ReloadBudget budget;
                budget.setRules(c.reload);
                return text(budget.left(std::chrono::hours(5)));
            } },
        { "reload.cooldown_steps", "", "reload.cooldown_steps=11", nullptr,
            [](const config::Config& c) {
                reload::ReloadBudget budget;
                budget.setRules(c.reload);
                budget.note(std::chrono::hours(5), 100, reload::Help::Helped);
                return text(budget.cooldownLeft(100));
            } },
        { "health.stale_after_s", "", "health.stale_after_s=10",
            [](Seen& s) {
                s.stage().boards.health.beat(Module::Data, "here");
                s.clock.advance(std::chrono::seconds(30));
                return s.health(Module::Data);
            } },
        { "health.heartbeat_s", "health.heartbeat_s=2", "health.heartbeat_s=60", nullptr,
            [](const config::Config& c) {
                MonitorStage stage(c);
                const auto look = [&] {
                    stage.signal();
                    stage.signal(); // the look of the first is over when the second is answered
                    return stage.lastHeartbeat();
                };
                const auto first = look();
                stage.clock.advance(std::chrono::seconds(5));
                return text(look() == first);
            } },
        { "health.bad_lines_percentage", "health.bad_lines_percentage=1", "health.bad_lines_percentage=50",
            [](Seen& s) { return s.noted; }, nullptr, {}, spoilALine },
    };
    return kRows;
}

TEST(LiveKeys, EachOneHasARow)
{
    std::set<std::string_view> live;
    for (const config::Field& field : config::fields()) {
        if (field.when == config::When::NextStep) {
            live.insert(field.key);
        }
    }
    std::set<std::string_view> known;
    for (const Row& row : rows()) {
        EXPECT_TRUE(known.insert(row.key).second) << row.key << " stands twice";
    }
    EXPECT_EQ(known, live);
}

TEST(LiveKeys, EachOneChangesWhatItSays)
{
    const SmallRun small;
    for (const Row& row : rows()) {
        ASSERT_NE(row.inRun != nullptr, row.ofConfig != nullptr) << row.key << ": one of the two looks at it";
        if (row.inRun != nullptr) {
            EXPECT_NE(afterRun(row, row.before), afterRun(row, row.after)) << row.key;
        } else {
            EXPECT_NE(row.ofConfig(changed(small.config(), row.before)), row.ofConfig(changed(small.config(), row.after)))
                << row.key;
        }
    }
}

TEST(LiveKeys, ReportKeysReachTheReports)
{
    const auto reports = [](const std::string& key, const std::string& value) {
        SmallRun small;
        small.set(key, value);
        fillWithOldReports(small.output() / "reports", RunStage::systemClock());
        RunStage stage(small);
        EXPECT_TRUE(stage.commands.push(CleanUp { Cause::Signal }));
        stage.work();
        const std::filesystem::directory_iterator kept(small.output() / "reports");
        return std::distance(begin(kept), end(kept));
    };
    EXPECT_EQ(reports("memory.save_reports", "on"), 4);
    EXPECT_EQ(reports("memory.save_reports", "off"), 3);
    EXPECT_EQ(reports("memory.report_retention_days", "1"), 1);
    EXPECT_EQ(reports("memory.report_limit", "2"), 2);
}

} // namespace
} // namespace dubito::session
