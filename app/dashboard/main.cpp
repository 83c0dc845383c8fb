// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/Console.h"
#include "app/common/ExitCode.h"
#include "app/common/ExitNet.h"
#include "app/common/GoOn.h"
#include "app/common/LastWords.h"
#include "app/common/Tell.h"
#include "app/common/TrainOptions.h"
#include "app/dashboard/Application.h"
#include "app/dashboard/DisplayWords.h"
#include "backend/base/CrashNote.h"
#include "backend/base/ScratchFolder.h"
#include "backend/base/SignalDescriptor.h"
#include "backend/base/Thrown.h"
#include "backend/log/Log.h"
#include "backend/memory/HeapSettings.h"
#include "backend/session/Replay.h"
#include "backend/session/Session.h"

#include <CLI/CLI.hpp>
#include <QApplication>
#include <QProcess>
#include <QTimer>
#include <algorithm>
#include <csignal>
#include <exception>
#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace {

using namespace dubito;

struct Options {
    app::TrainOptions train;
    bool start = false;
    std::string replay;
    std::string screenshot;
    std::int64_t afterSteps = 30;
    ui::ThemeChoice theme = ui::ThemeChoice::System;
    std::pair<int, int> size { 1600, 1000 };
    std::string album;
    std::vector<std::string> views;
    std::string suffix;
    bool isPlain = false; ///< nothing was asked but a window, or one on a recorded run
    bool newInstance = false;
};

void addOptions(CLI::App& program, Options& options)
{
    const std::map<std::string, ui::ThemeChoice> themes { { "system", ui::ThemeChoice::System },
        { "light", ui::ThemeChoice::Light }, { "dark", ui::ThemeChoice::Dark },
        { "high-contrast", ui::ThemeChoice::HighContrast } };
    app::addTrainOptions(program, options.train);
    program.add_flag("--start", options.start, "Start training at once.");
    program.add_option("--replay", options.replay, "Show the recorded run of a folder instead of training.")
        ->type_name("DIR");
    program.add_option("--screenshot", options.screenshot,
               "Train (or replay), write a picture of the window to this file, stop and exit.")
        ->type_name("FILE");
    program.add_option("--after-steps", options.afterSteps, "Take the picture after so many steps.")
        ->type_name("N")
        ->check(CLI::PositiveNumber);
    program.add_option("--theme", options.theme, "system, light, dark or high-contrast.")
        ->transform(CLI::CheckedTransformer(themes, CLI::ignore_case).description(""))
        ->type_name("THEME");
    program.add_option("--album", options.album, "Take pictures of several views into this folder, stop and exit.")->type_name("DIR");
    program.add_option("--views", options.views, "main, details, data, narrow, act, morning or empty; several by commas.")
        ->delimiter(',')
        ->check(CLI::IsMember(std::vector<std::string>(kAlbumViewWords.begin(), kAlbumViewWords.end())));
    program.add_option("--suffix", options.suffix, "After the theme in the names of the album, such as -200.");
    program.add_flag("--new-instance", options.newInstance,
        "Open another window even when one is open. (Asking for a run or a picture does, too.)");
    program.add_option("--size", options.size, "Width and height of the window in pixels.")->type_name("W H");
}

/// A picture of a run of its own leaves nothing behind.
class TemporaryRunFolder {
public:
    explicit TemporaryRunFolder(Options& options)
    {
        const bool isNamed = std::ranges::any_of(options.train.config.assignments,
            [](const config::Assignment& assignment) { return assignment.key == "training.output"; });
        if ((options.screenshot.empty() && options.album.empty()) || !options.replay.empty() || isNamed) {
            return;
        }
        if (!m_folder.emplace("picture").path().empty()) {
            options.train.config.assignments.push_back({ "training.output", m_folder->path().string(), "--screenshot" });
        }
    }

private:
    std::optional<ScratchFolder> m_folder;
};

int tell(const Error& error)
{
    app::say(stderr, "dubito-dashboard: {}\n", toText(error));
    return app::toInt(app::toExitCode(error.code));
}

AlbumOptions albumOf(const Options& options)
{
    AlbumOptions album { QString::fromStdString(options.album), {}, {}, QString::fromStdString(options.suffix) };
    for (const auto& word : options.views) {
        const auto at = std::ranges::find(kAlbumViewWords, word);
        album.views.push_back(static_cast<AlbumView>(at - kAlbumViewWords.begin()));
    }
    if (album.views.empty()) {
        album.views = { AlbumView::Main, AlbumView::Details, AlbumView::Data, AlbumView::Narrow };
    }
    if (options.theme != ui::ThemeChoice::System) {
        album.themes = { options.theme };
    }
    return album;
}

/// A recorded run is gone on with by a window of its own, in place of this one.
Result<void> goOn(const session::Start& start)
{
    QStringList words;
    for (const std::string& word : app::wordsToGoOn(start.resumeFolder)) {
        words << QString::fromStdString(word);
    }
    if (!QProcess::startDetached(QCoreApplication::applicationFilePath(), words)) {
        return Error { ErrorCode::Internal,
            fmt::format("another window cannot be started; go on with dubito train --config {0}/run.yaml --resume --output {0}",
                start.resumeFolder),
            "" };
    }
    QTimer::singleShot(0, qApp, [] { QCoreApplication::exit(0); });
    return {};
}

QtMessageHandler g_printMessage = nullptr;

/// Qt ends the program right after these words, and has unloaded its plugins before any exit handler is asked.
void hearMessage(QtMsgType type, const QMessageLogContext& context, const QString& message)
{
    g_printMessage(type, context, message);
    if (message.contains(QLatin1String("connection broke"))) {
        app::ExitNet::saveAndEnd();
    }
}

int runWindow(std::unique_ptr<session::SessionApi> session, const Options& options)
{
    DashboardOptions dashboard;
    dashboard.album = albumOf(options);
    const bool needsRun = !options.screenshot.empty() || (!options.album.empty() && !Album::needsNoRun(dashboard.album));
    const bool isStart = (options.start || needsRun) && options.replay.empty();
    dashboard.begin = isStart ? DashboardOptions::Begin::Start : DashboardOptions::Begin::Wait;
    dashboard.screenshot = QString::fromStdString(options.screenshot);
    dashboard.meetingPlace = options.screenshot.empty() && options.album.empty() ? ui::SingleInstance::standardPlace() : QString();
    dashboard.afterSteps = options.replay.empty() ? options.afterSteps : 0;
    dashboard.isRecorded = !options.replay.empty();
    dashboard.theme = options.theme;
    dashboard.width = options.size.first;
    dashboard.height = options.size.second;
    auto& doors = *session;
    Application application(std::move(session), std::move(dashboard));
    const app::ExitNet net(doors);
    g_printMessage = qInstallMessageHandler(nullptr);
    qInstallMessageHandler(hearMessage);
    return application.run();
}

int run(int argc, char** argv, Options& options)
{
    std::signal(SIGXFSZ, SIG_IGN);
    app::outliveReaders();
    memory::settleHeap();
    leaveCrashNotes();
    memory::reserveHeap(memory::kWindowHeap);
    const auto signals = SignalDescriptor::create();
    if (!signals) {
        return tell(signals.error());
    }
    std::optional<QApplication> qt;
    {
        const DisplayWords words;
        qt.emplace(argc, argv);
    }
    prepareApplication();
    if (options.isPlain && ui::SingleInstance::ask(ui::SingleInstance::standardPlace(), QString::fromStdString(options.replay))) {
        return app::toInt(app::ExitCode::Done); // the window that is open comes forward
    }
    if (!options.replay.empty()) {
        auto replay = session::Replay::open(options.replay);
        if (!replay) {
            return tell(replay.error());
        }
        (*replay)->setResume(goOn);
        return runWindow(std::move(*replay), options);
    }
    const TemporaryRunFolder temporary(options);
    auto made = app::toSessionOptions(options.train, session::Frontend::Window);
    if (!made) {
        return tell(made.error());
    }
    if (!options.screenshot.empty()) {
        made->runs.clear(); // a picture is of its own run alone
    }
    log::Log log({ .level = log::toLevel(made->config.config.log.level).value_or(log::LogLevel::Info),
        .console = options.screenshot.empty() && options.album.empty() ? log::Console::On : log::Console::Off });
    const SystemClock clock;
    memory::LinuxMemoryProbe probe;
    return runWindow(std::make_unique<session::Session>(std::move(*made),
                         session::SessionServices {
                             .clock = clock, .probe = probe, .log = &log.tail(), .signals = &*signals }),
        options);
}

} // namespace

int main(int argc, char** argv)
{
    app::keepStandardStreams();
    app::speakLastWords();
    CLI::App program { "The control room of Dubito: trains and shows loss, memory, leaks and health.",
        "dubito-dashboard" };
    program.set_version_flag("--version", "dubito-dashboard " DUBITO_VERSION);
    Options options;
    addOptions(program, options);
    if (const auto ended = app::parseWords(program, argc, argv)) {
        return *ended;
    }
    const int words = options.replay.empty() ? 1 : 3;
    options.isPlain = argc == words && !options.newInstance;
    try {
        return run(argc, argv, options);
    } catch (...) {
        return tell(errorOf(std::current_exception(), ""));
    }
}
