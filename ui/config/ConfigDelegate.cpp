// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/config/ConfigDelegate.h"

#include "backend/config/ConfigFields.h"
#include "ui/Symbol.h"
#include "ui/Theme.h"
#include "ui/config/ConfigModel.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QComboBox>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>

namespace dubito::ui {

namespace {

int px(int pixels) { return scaledPixels(QApplication::font(), pixels); }
QFont legend(QFont::Weight weight = QFont::Normal) { return typeFont(QApplication::font(), TypeSize::Legend, weight); }
QFont unit() { return typeFont(QApplication::font(), TypeSize::Unit); }

config::Type typeOf(const QModelIndex& index) { return static_cast<config::Type>(index.data(ConfigModel::TypeRole).toInt()); }

bool isSwitch(const QModelIndex& index) { return typeOf(index) == config::Type::Switch; }

bool isSection(const QModelIndex& index) { return index.data(ConfigModel::KeyRole).toString().isEmpty(); }

/// The first line of a row; note and problem stand below it.
QRect lineOf(const QStyleOptionViewItem& option) { return { option.rect.left(), option.rect.top(), option.rect.width(), px(32) }; }

bool isWide(const QModelIndex& index)
{
    const config::Type type = typeOf(index);
    return type == config::Type::Text || type == config::Type::Path;
}

QRect boxOf(const QStyleOptionViewItem& option, const QModelIndex& index)
{
    const QRect line = lineOf(option);
    const int when = px(72);
    const int wide = px(isWide(index) ? 132 : 96);
    return { line.right() - when - wide, line.top() + px(3), wide, line.height() - px(6) };
}

int belowWidth(const QStyleOptionViewItem& option)
{
    const int view = option.widget != nullptr ? option.widget->width() : option.rect.width();
    return std::max(px(120), view - px(72));
}

int heightOf(const QString& text, const QFont& font, int width)
{
    return text.isEmpty() ? 0 : QFontMetrics(font).boundingRect(QRect(0, 0, width, 10000), Qt::TextWordWrap, text).height() + px(4);
}

} // namespace

QSize ConfigDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    if (isSection(index)) {
        return { px(200), px(26) };
    }
    const int width = belowWidth(option);
    return { px(200), px(32) + heightOf(index.data(ConfigModel::ProblemRole).toString(), legend(), width)
            + heightOf(index.data(ConfigModel::NoteRole).toString(), unit(), width) };
}

void ConfigDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    if (isSection(index)) {
        paintSection(*painter, option, index);
    } else {
        paintField(*painter, option, index);
    }
    painter->restore();
}

void ConfigDelegate::paintSection(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const Theme& theme = themeOf(option.palette);
    painter.fillRect(option.rect, theme.alternate);
    painter.fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1), theme.border);
    const auto* view = qobject_cast<const QAbstractItemView*>(option.widget);
    const bool open = option.state.testFlag(QStyle::State_Open);
    const QRectF arrow(option.rect.left() + px(12), option.rect.center().y() - px(5), px(10), px(10));
    paintSymbol(painter, arrow, open ? Symbol::Down : Symbol::Right, theme.text2, theme.alternate);
    painter.setFont(legend(QFont::DemiBold));
    painter.setPen(theme.text1);
    const QRect inner = option.rect.adjusted(px(32), 0, -px(12), 0);
    painter.drawText(inner, Qt::AlignVCenter, index.data().toString());
    painter.setFont(unit());
    painter.setPen(theme.text3);
    painter.drawText(inner, Qt::AlignVCenter | Qt::AlignRight, ConfigModel::tr("%1 keys").arg(index.data(ConfigModel::CountRole).toInt()));
    if (option.state.testFlag(QStyle::State_HasFocus) && view != nullptr && view->hasFocus()) {
        painter.setPen(QPen(theme.accent, 2));
        painter.drawRect(option.rect.adjusted(1, 1, -1, -1));
    }
}

void ConfigDelegate::paintField(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const Theme& theme = themeOf(option.palette);
    const bool current = option.state.testFlag(QStyle::State_HasFocus);
    painter.fillRect(option.rect, theme.surface);
    if (current) {
        painter.setPen(QPen(theme.accent, 2));
        painter.drawRect(option.rect.adjusted(1, 1, -1, -1));
    }
    const QRect line = lineOf(option);
    const bool edited = index.data(ConfigModel::EditedRole).toBool();
    const Symbol mark = edited ? Symbol::Dot : index.data(ConfigModel::DiffersRole).toBool() ? Symbol::Ring : Symbol::None;
    paintSymbol(painter, QRectF(line.left() + px(10), line.center().y() - px(7), px(14), px(14)), mark, theme.accent, theme.surface);
    const QRect box = boxOf(option, index);
    const QRect name(line.left() + px(30), line.top(), box.left() - line.left() - px(36), line.height());
    painter.setFont(legend());
    painter.setPen(theme.text1);
    painter.drawText(name, Qt::AlignVCenter, QFontMetrics(painter.font()).elidedText(index.data().toString(), Qt::ElideMiddle, name.width()));
    paintValue(painter, box, option, index);
    const bool live = index.data(ConfigModel::WhenRole).toInt() == static_cast<int>(config::When::NextStep);
    painter.setFont(live ? unit() : typeFont(QApplication::font(), TypeSize::Unit, QFont::DemiBold));
    painter.setPen(live ? theme.text3 : theme.text1);
    painter.drawText(QRect(box.right() + px(9), line.top(), px(66), line.height()), Qt::AlignVCenter,
        live ? ConfigModel::tr("live") : ConfigModel::tr("next start"));
    paintBelow(painter, option, index);
}

void ConfigDelegate::paintValue(QPainter& painter, const QRect& box, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const Theme& theme = themeOf(option.palette);
    const QString text = index.data(ConfigModel::TextRole).toString();
    const bool wrong = !index.data(ConfigModel::ProblemRole).toString().isEmpty();
    QPainterPath outline;
    outline.addRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    if (isSwitch(index)) {
        const bool on = text == QStringLiteral("on");
        const QRectF check(box.left(), box.center().y() - px(7), px(15), px(15));
        painter.setPen(QPen(on ? theme.accent : theme.strongBorder, theme.frameWidth()));
        painter.setBrush(on ? theme.accent : theme.surface);
        painter.drawRoundedRect(check.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
        if (on) {
            painter.setPen(QPen(theme.onAccent, 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
            painter.drawPolyline(QPolygonF { check.topLeft() + QPointF(check.width() * 0.24, check.height() * 0.53),
                check.topLeft() + QPointF(check.width() * 0.43, check.height() * 0.72), check.topLeft() + QPointF(check.width() * 0.77, check.height() * 0.3) });
        }
        painter.setFont(legend());
        painter.setPen(theme.text2);
        painter.drawText(QRectF(check.right() + px(8), box.top(), box.width(), box.height()), Qt::AlignVCenter, on ? ConfigModel::tr("on") : ConfigModel::tr("off"));
        return;
    }
    painter.fillPath(outline, theme.surface);
    painter.setPen(QPen(wrong ? theme.failed : theme.strongBorder, wrong ? 2 : theme.frameWidth()));
    painter.drawPath(outline);
    QRect inner = box.adjusted(px(8), 0, -px(7), 0);
    const bool choice = typeOf(index) == config::Type::Choice;
    if (choice) {
        paintSymbol(painter, QRectF(inner.right() - px(9), box.center().y() - px(4), px(9), px(9)), Symbol::Down, theme.text2, theme.surface);
        inner.setRight(inner.right() - px(13));
    }
    painter.setFont(unit());
    painter.setPen(theme.text3);
    const QString what = choice ? QString() : index.data(ConfigModel::UnitRole).toString();
    const int unitWidth = QFontMetrics(painter.font()).horizontalAdvance(what);
    const int textWidth = QFontMetrics(legend()).horizontalAdvance(text);
    const bool fits = textWidth + unitWidth + px(4) <= inner.width();
    if (fits) {
        painter.drawText(inner, Qt::AlignVCenter | Qt::AlignRight, what);
    }
    painter.setFont(legend());
    const bool empty = text.isEmpty();
    painter.setPen(empty ? theme.text3 : theme.text1);
    painter.drawText(inner, Qt::AlignVCenter,
        QFontMetrics(painter.font()).elidedText(empty ? ConfigModel::tr("empty") : text, isWide(index) ? Qt::ElideLeft : Qt::ElideRight, inner.width()));
}

void ConfigDelegate::paintBelow(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const Theme& theme = themeOf(option.palette);
    const int width = belowWidth(option);
    int top = option.rect.top() + px(32);
    const QString note = index.data(ConfigModel::NoteRole).toString();
    if (!note.isEmpty()) {
        painter.setFont(unit());
        painter.setPen(theme.text3);
        painter.drawText(QRect(option.rect.left() + px(30), top - px(2), width, heightOf(note, unit(), width)), Qt::TextWordWrap, note);
        top += heightOf(note, unit(), width);
    }
    const QString problem = index.data(ConfigModel::ProblemRole).toString();
    if (!problem.isEmpty()) {
        paintSymbol(painter, QRectF(option.rect.left() + px(30), top, px(14), px(14)), Symbol::Cross, theme.failed, theme.surface);
        painter.setFont(legend());
        painter.setPen(theme.failedText);
        painter.drawText(QRect(option.rect.left() + px(52), top - px(2), width, heightOf(problem, legend(), width)), Qt::TextWordWrap, problem);
    }
}

QWidget* ConfigDelegate::createEditor(QWidget* parent, const QStyleOptionViewItem&, const QModelIndex& index) const
{
    if (isSection(index) || isSwitch(index)) {
        return nullptr;
    }
    const QString name = index.data(ConfigModel::KeyRole).toString();
    QWidget* editor = nullptr;
    if (typeOf(index) == config::Type::Choice) {
        auto* words = new QComboBox(parent);
        words->addItems(index.data(ConfigModel::WordsRole).toStringList());
        connect(words, &QComboBox::activated, this, [this, words] {
            auto* self = const_cast<ConfigDelegate*>(this);
            emit self->commitData(words);
            emit self->closeEditor(words);
        });
        editor = words;
    } else {
        editor = new QLineEdit(parent);
    }
    editor->setObjectName(QStringLiteral("edit.") + name);
    editor->setAccessibleName(name);
    editor->setAccessibleDescription(index.data(ConfigModel::HelpRole).toString());
    editor->setFont(legend());
    return editor;
}

void ConfigDelegate::setEditorData(QWidget* editor, const QModelIndex& index) const
{
    const QString text = index.data(ConfigModel::TextRole).toString();
    if (auto* words = qobject_cast<QComboBox*>(editor)) {
        words->setCurrentText(text);
    } else if (auto* line = qobject_cast<QLineEdit*>(editor)) {
        line->setText(text);
        line->selectAll();
    }
}

void ConfigDelegate::setModelData(QWidget* editor, QAbstractItemModel* model, const QModelIndex& index) const
{
    if (const auto* words = qobject_cast<QComboBox*>(editor)) {
        model->setData(index, words->currentText(), Qt::EditRole);
    } else if (const auto* line = qobject_cast<QLineEdit*>(editor)) {
        model->setData(index, line->text().trimmed(), Qt::EditRole);
    }
}

void ConfigDelegate::updateEditorGeometry(QWidget* editor, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const QRect box = boxOf(option, index);
    const int high = std::max(box.height(), editor->sizeHint().height());
    editor->setGeometry(box.left(), box.center().y() - high / 2, box.width(), high);
}

bool ConfigDelegate::editorEvent(QEvent* event, QAbstractItemModel* model, const QStyleOptionViewItem& option, const QModelIndex& index)
{
    if (isSection(index) || !isSwitch(index)) {
        return QStyledItemDelegate::editorEvent(event, model, option, index);
    }
    bool toggles = false;
    if (event->type() == QEvent::MouseButtonRelease) {
        toggles = boxOf(option, index).contains(static_cast<QMouseEvent*>(event)->pos());
    } else if (event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        toggles = key == Qt::Key_Space || key == Qt::Key_Return || key == Qt::Key_F2;
    }
    if (!toggles) {
        return false;
    }
    const bool on = index.data(ConfigModel::TextRole).toString() == QStringLiteral("on");
    return model->setData(index, on ? QStringLiteral("off") : QStringLiteral("on"), Qt::EditRole);
}

} // namespace dubito::ui
