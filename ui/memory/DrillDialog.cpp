// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/memory/DrillDialog.h"

#include "ui/Format.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>

namespace dubito::ui {

DrillDialog::DrillDialog(QWidget* parent) : QDialog(parent), m_who(new QComboBox), m_rate(new QDoubleSpinBox), m_shape(new QComboBox)
{
    setObjectName(QStringLiteral("drillDialog"));
    setWindowTitle(tr("Leak drill"));
    for (const auto word : kCategoryWords) {
        m_who->addItem(format::text(word));
    }
    m_who->addItem(QStringLiteral("untracked"));
    m_who->setCurrentText(QStringLiteral("activations"));
    m_who->setObjectName(QStringLiteral("drillWho"));
    m_rate->setRange(0.01, 1024);
    m_rate->setValue(4);
    m_rate->setButtonSymbols(QAbstractSpinBox::NoButtons); // arrow keys step it, as everywhere in this window
    m_rate->setSuffix(tr(" MB/step"));
    m_rate->setObjectName(QStringLiteral("drillRate"));
    m_shape->addItems({ tr("constant"), tr("in bursts"), tr("now and then") });
    m_shape->setObjectName(QStringLiteral("drillShape"));
    auto* words = new QLabel(tr("A leak of known size is injected on purpose, so that detection, reload and verification "
                                "can be seen at work. It ends when you stop it; the model is not touched."));
    words->setWordWrap(true);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
    buttons->button(QDialogButtonBox::Ok)->setText(tr("&Start drill"));
    buttons->button(QDialogButtonBox::Ok)->setObjectName(QStringLiteral("drillStart"));
    auto* form = new QFormLayout(this);
    form->setVerticalSpacing(8);
    form->addRow(words);
    form->addRow(tr("&Who leaks"), m_who);
    form->addRow(tr("&How much"), m_rate);
    form->addRow(tr("Sha&pe"), m_shape);
    form->addRow(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        emit commandWanted(wanted());
        accept();
    });
}

session::StartDrill DrillDialog::wanted() const
{
    return { format::utf8(m_who->currentText()), m_rate->value(), static_cast<dubito::memory::DrillShape>(m_shape->currentIndex()), session::Cause::User };
}

} // namespace dubito::ui
