// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/LimitsDialog.h"

#include "backend/base/Text.h"
#include "ui/Format.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>

#include <cmath>

namespace dubito::ui::chart {

namespace {

std::optional<double> numberIn(const QLineEdit& field)
{
    QString text = field.text().trimmed();
    text.replace(format::kMinus, QLatin1Char('-'));
    const auto number = parseNumber(format::utf8(text));
    return number && std::isfinite(*number) && std::abs(*number) < 1e15 ? number : std::nullopt;
}

QLineEdit* addField(QFormLayout& form, const QString& label, const QString& name)
{
    auto* field = new QLineEdit;
    field->setObjectName(name);
    field->setAccessibleName(label);
    form.addRow(label, field);
    return field;
}

} // namespace

LimitsDialog::LimitsDialog(const std::optional<YRange>& present, const QString& unit, QWidget* parent)
    : QDialog(parent)
    , m_problem(new QLabel)
    , m_limits(present)
{
    setWindowTitle(tr("Limits of the axis"));
    auto* form = new QFormLayout(this);
    const QString suffix = unit.isEmpty() ? QString() : QStringLiteral(" (%1)").arg(unit);
    m_to = addField(*form, tr("&Highest") + suffix, QStringLiteral("limits/to"));
    m_from = addField(*form, tr("&Lowest") + suffix, QStringLiteral("limits/from"));
    if (present) {
        m_from->setText(format::text(exactNumber(present->from)));
        m_to->setText(format::text(exactNumber(present->to)));
    }
    m_problem->setObjectName(QStringLiteral("limits/problem"));
    m_problem->setWordWrap(true);
    m_problem->setText(tr("Leave both empty to let the axis follow the data."));
    form->addRow(m_problem);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
    form->addRow(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &LimitsDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &LimitsDialog::reject);
}

void LimitsDialog::accept()
{
    if (m_from->text().trimmed().isEmpty() && m_to->text().trimmed().isEmpty()) {
        m_limits.reset();
        QDialog::accept();
        return;
    }
    const auto from = numberIn(*m_from);
    const auto to = numberIn(*m_to);
    if (!from || !to) {
        m_problem->setText(tr("Both must be numbers, or both empty."));
        return;
    }
    if (!(*from < *to)) {
        m_problem->setText(tr("The lowest value must be below the highest."));
        return;
    }
    m_limits = YRange { *from, *to };
    QDialog::accept();
}

} // namespace dubito::ui::chart
