// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/config/DifferenceDialog.h"

#include "ui/Format.h"
#include "ui/Symbol.h"

#include <QDialogButtonBox>
#include <QTextBrowser>
#include <QVBoxLayout>

namespace dubito::ui {

namespace {

QString cell(const QString& text) { return QStringLiteral("<td>%1&nbsp;&nbsp;</td>").arg(text.toHtmlEscaped()); }

QString shown(const std::string& value) { return value.empty() ? QString(format::kDash) : format::text(value); }

} // namespace

std::vector<config::Difference> differencesOf(const config::ConfigStatus& here, const config::ConfigStatus& there)
{
    return here.inForce && there.inForce ? config::differences(*here.inForce, *there.inForce)
                                         : std::vector<config::Difference>();
}

DifferenceDialog::DifferenceDialog(const std::vector<config::Difference>& differences, const QString& here,
    const QString& there, QWidget* parent)
    : QDialog(parent)
{
    constexpr qsizetype kLongest = 60;
    setObjectName(QStringLiteral("differenceDialog"));
    setWindowTitle(tr("Difference of the configurations"));
    QString html = QStringLiteral("<p><b>%1</b></p>")
                       .arg(differences.empty() ? tr("Both runs have the same configuration.")
                                                : tr("Keys that differ: %1").arg(differences.size()));
    if (!differences.empty()) {
        html += QStringLiteral("<table cellpadding=\"3\"><tr><th align=\"left\">%1</th><th align=\"left\">%2</th><th align=\"left\">%3</th></tr>")
                    .arg(tr("Key"), here.left(kLongest).toHtmlEscaped(), there.left(kLongest).toHtmlEscaped());
        for (const config::Difference& difference : differences) {
            html += QStringLiteral("<tr>") + cell(format::text(difference.key)) + cell(shown(difference.before))
                + cell(shown(difference.after)) + QStringLiteral("</tr>");
        }
        html += QStringLiteral("</table>");
    }
    auto* text = new QTextBrowser;
    text->setObjectName(QStringLiteral("differenceText"));
    text->setAccessibleName(windowTitle());
    text->setOpenLinks(false);
    text->setHtml(html);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* column = new QVBoxLayout(this);
    column->addWidget(text, 1);
    column->addWidget(buttons);
    resize(scaledPixels(font(), 560), scaledPixels(font(), 360));
}

} // namespace dubito::ui
