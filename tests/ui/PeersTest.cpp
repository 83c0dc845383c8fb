// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>

#include <algorithm>
#include <string>
#include <vector>

// What is known to crash, crawl or lie in a chart window, item by item: each has a test by name, or a word that no source
// of the window may contain.
namespace {

struct Item {
    const char* rule;
    const char* test; ///< "Suite.Name" of the test that holds it; null: held by `word`
    const char* word = nullptr; ///< expression that must not occur in ui/
};

const std::vector<Item>& items()
{
    static const std::vector<Item> kItems {
        { "data stays in our own bounded buffers; the chart gets a decimated copy", "Decimate.NoMoreThanTwoPointsStandInAColumn" },
        { "one replace() per series and draw", "ThreeCurves.KeepTheirSeriesAndRemovedOnesAreGone" },
        { "a hidden chart draws nothing", "PlotTest.AHiddenPlotDrawsNothingAndIsRightWhenItComesBack" },
        { "a hidden window is asked less often", "SnapshotSignals.LooksLessOftenWhileHidden" },
        { "cropped to the view, one point on each side", "Decimate.OutsideTheViewOnePointOnEachSideIsKept" },
        { "peaks survive", "Decimate.APeakOfOneStepSurvivesAnyWidth" },
        { "nothing that is not finite reaches a series", "Decimate.NothingThatIsNotFiniteComesOut" },
        { "what is not finite is marked, not dropped", "Decimate.NonFiniteOnesOfOneColumnAreOneMark" },
        { "what is not known is a gap, not a bridge", "PlotFrame.AGapIsAGap" },
        { "a gap stays one, however far the history is folded", "LeakPlot.NothingIsDrawnOverAGapHoweverFarTheRunIsFolded" },
        { "zoomed in, the folded history gives way to the file", "ZoomDetailTest.ThePeakOfOneStepIsSeenAtItsStep" },
        { "dashes between two points only", "PlotFrame.OnlyTheForecastIsDashedAndHasTwoPoints" },
        { "a log axis survives zero, infinity and negative numbers", "PlotAxes.ALogAxisSurvivesZeroInfinityAndNegativeOnes" },
        { "minimum = maximum has a range", "PlotAxes.AFlatLineHasRoomAboveAndBelow" },
        { "the x-axis grows in jumps", "PlotGroup.TheRangeMovesInJumps" },
        { "nothing far outside reaches a path", "PlotFrame.EverythingThatIsDrawnIsBounded" },
        { "a palette switch recolours", "PlotTest.ADarkPaletteRecoloursTheDrawing" },
        { "keys: arrows, + and −, Home, F", "PlotCanvasTest.PlusAndMinusZoomAndBackspaceGoesOneStepBack" },
        { "a table beside every chart", "PlotTest.TheTableHasWhatTheChartHas" },
        { "removed series are deleted", "ThreeCurves.KeepTheirSeriesAndRemovedOnesAreGone" },
        { "export at twice the pixels, SVG, exact CSV", "PlotExport.EveryValueIsInTheCsvExactly" },
        { "texts from outside are no markup", "PlotTest.TitlesFromOutsideAreNeverMarkup" },
        { "nothing by hover only", "PlotCanvasTest.TabGoesThroughTheMarksAndThenOn" },
        { "no sample is appended to a series", nullptr, R"(series->append\(|points->append\()" },
        { "no OpenGL series", nullptr, R"(setUseOpenGL\(true)" },
        { "no default axes", nullptr, R"(createDefaultAxes)" },
        { "no splines", nullptr, R"(QSplineSeries)" },
        { "no log axis of Qt Charts: ours is a linear one over logarithms", nullptr, R"(QLogValueAxis)" },
        { "no animation", nullptr, R"(QChart::(All|Series|GridAxis)Animations)" },
        { "no drop shadow", nullptr, R"(setDropShadowEnabled\(true)" },
        { "no point labels", nullptr, R"(setPointLabelsVisible)" },
        { "no legend of Qt Charts, which is markup", nullptr, R"(legend\(\)->(show|setVisible))" },
        { "no chart view of Qt Charts, which has no keys", nullptr, R"(QChartView)" },
        { "no thread but the main one in the window", nullptr, R"(new QThread|moveToThread|QtConcurrent|std::jthread)" },
        { "no event loop inside an event", nullptr, R"(processEvents\()" },
    };
    return kItems;
}

bool isThere(const std::string& name)
{
    const auto& all = *testing::UnitTest::GetInstance();
    for (int i = 0; i < all.total_test_suite_count(); ++i) {
        const auto& suite = *all.GetTestSuite(i);
        for (int j = 0; j < suite.total_test_count(); ++j) {
            if (std::string(suite.name()) + "." + suite.GetTestInfo(j)->name() == name) {
                return true;
            }
        }
    }
    return false;
}

TEST(Peers, EachKnownTrapHasItsTestOrCannotBeWritten)
{
    for (const Item& item : items()) {
        if (item.test != nullptr) {
            EXPECT_TRUE(isThere(item.test)) << item.rule << ": there is no test " << item.test;
        }
    }
}

TEST(Peers, NoSourceOfTheWindowHasAForbiddenWord)
{
    int files = 0;
    QDirIterator sources(QStringLiteral(DUBITO_SOURCE_DIR "/ui"), { QStringLiteral("*.cpp"), QStringLiteral("*.h") }, QDir::Files, QDirIterator::Subdirectories);
    while (sources.hasNext()) {
        QFile file(sources.next());
        ASSERT_TRUE(file.open(QIODevice::ReadOnly));
        const QString text = QString::fromUtf8(file.readAll());
        ++files;
        for (const Item& item : items()) {
            if (item.word != nullptr) {
                const QRegularExpression word(QString::fromLatin1(item.word));
                ASSERT_TRUE(word.isValid()) << item.word;
                EXPECT_FALSE(text.contains(word)) << file.fileName().toStdString() << ": " << item.rule;
            }
        }
    }
    EXPECT_GT(files, 100);
}

} // namespace
