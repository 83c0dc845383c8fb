// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/config/FieldRows.h"

#include <array>

namespace dubito::config {

namespace {

template <auto Member>
constexpr Field corpusField(Field field)
{
    field.type = Type::Text;
    return row<&Config::data, &Data::fields, Member>(field);
}

template <auto Member>
constexpr Field distrust(Field field)
{
    return row<&Config::distrust, Member>(field);
}

// Kept as text in Config.h, because the log knows its levels itself.
constexpr std::array<std::string_view, 4> kLogLevels { "debug", "info", "warn", "error" };

constexpr std::array kDataFields {
    row<&Config::log, &Log::level>({ .key = "log.level",
        .help = "The least important lines that are logged.",
        .type = Type::Choice, .when = When::NextStep, .words = kLogLevels }),
    row<&Config::log, &Log::maxFileMb>({ .key = "log.max_file_mb",
        .help = "The log file of a run is rotated at this size.",
        .type = Type::Mebibytes, .range = { 1, 65536 }, .unit = "MiB" }),
    row<&Config::log, &Log::files>({ .key = "log.files",
        .help = "Rotated log files that are kept beside the newest.",
        .type = Type::Integer, .range = { 0, 1000 }, .unit = "files" }),

    row<&Config::data, &Data::path>({ .key = "data.path",
        .help = "The corpus: a JSONL file, or a folder of them. Empty: the embedded sample.",
        .type = Type::Path }),
    row<&Config::data, &Data::validation>({ .key = "data.validation",
        .help = "Held-out documents, as JSONL. Empty: none; the embedded sample brings its own.",
        .type = Type::Path }),
    row<&Config::data, &Data::unlabelled>({ .key = "data.unlabelled",
        .help = "Documents without authority and entropy. score: they are scored from their text; weight_one: they "
                "get weight 1.",
        .type = Type::Choice }),
    row<&Config::data, &Data::maxLineMb>({ .key = "data.max_line_mb",
        .help = "A longer line of the corpus is refused, counted and named.",
        .type = Type::Mebibytes, .range = { 1, 1024 }, .unit = "MiB" }),
    row<&Config::data, &Data::shuffle>({ .key = "data.shuffle",
        .help = "Whether each pass over the corpus has a new, reproducible order.",
        .type = Type::Switch }),

    corpusField<&DataFields::text>({ .key = "data.fields.text",
        .help = "How your corpus calls the text of a document. Empty: text." }),
    corpusField<&DataFields::prompt>({ .key = "data.fields.prompt",
        .help = "How your corpus calls the prompt, on which nothing is trained. Empty: prompt." }),
    corpusField<&DataFields::completion>({ .key = "data.fields.completion",
        .help = "How your corpus calls the completion that follows the prompt. Empty: completion." }),
    corpusField<&DataFields::authority>({ .key = "data.fields.authority",
        .help = "How your corpus calls the authority. Empty: auth_weight, authority_weight or authority." }),
    corpusField<&DataFields::entropy>({ .key = "data.fields.entropy",
        .help = "How your corpus calls the provenance entropy. Empty: prov_entropy, provenance_entropy or entropy." }),
    corpusField<&DataFields::id>({ .key = "data.fields.id",
        .help = "How your corpus calls the id of a document. Empty: id." }),
    corpusField<&DataFields::title>({ .key = "data.fields.title",
        .help = "How your corpus calls the title. Empty: title." }),
    corpusField<&DataFields::year>({ .key = "data.fields.year",
        .help = "How your corpus calls the year of publication. Empty: year." }),
    corpusField<&DataFields::date>({ .key = "data.fields.date",
        .help = "How your corpus calls the date. Empty: date." }),
    corpusField<&DataFields::sourceType>({ .key = "data.fields.source_type",
        .help = "How your corpus calls the type of source. Empty: source_type." }),
    corpusField<&DataFields::publisher>({ .key = "data.fields.publisher",
        .help = "How your corpus calls the publisher. Empty: publisher." }),
    corpusField<&DataFields::source>({ .key = "data.fields.source",
        .help = "How your corpus calls the source. Empty: source." }),
    corpusField<&DataFields::url>({ .key = "data.fields.url",
        .help = "How your corpus calls the address. Empty: url." }),
    corpusField<&DataFields::evidence>({ .key = "data.fields.evidence",
        .help = "How your corpus calls the list of roots that a claim traces to. Empty: evidence." }),

    row<&Config::provenance, &Provenance::profile>({ .key = "provenance.profile",
        .help = "The rules by which documents are scored. compat: the published ones, value for value.",
        .type = Type::Choice }),
    row<&Config::provenance, &Provenance::priors>({ .key = "provenance.priors",
        .help = "Whether the prior of a known source type is mixed into the score, 70 to 30.",
        .type = Type::Switch }),

    distrust<&Distrust::weighting>({ .key = "distrust.weighting",
        .help = "How authority and entropy become the weight of a document. additive is the formula as published, "
                "which has no gradient: it changes the printed loss and nothing else.",
        .type = Type::Choice }),
    distrust<&Distrust::normalise>({ .key = "distrust.normalise",
        .help = "dataset: weights are divided by their mean over the training split. batch: over one batch, which "
                "cancels them at batch size 1.",
        .type = Type::Choice }),
    distrust<&Distrust::alpha>({ .key = "distrust.alpha",
        .help = "Factor of the published term alpha * c^2.",
        .type = Type::Number, .range = { 0, 1000 } }),
    distrust<&Distrust::lambda>({ .key = "distrust.lambda",
        .help = "How much of the term is added, by the weightings affine and additive.",
        .type = Type::Number, .range = { 0, 1000 } }),
    distrust<&Distrust::hingeFloor>({ .key = "distrust.hinge_floor",
        .help = "The least weight of the weighting hinge.",
        .type = Type::Number, .range = { 0, 1000 } }),
    distrust<&Distrust::essWarning>({ .key = "distrust.ess_warning",
        .help = "A warning is given when the effective sample size falls below this share of the documents: a few "
                "of them then decide the training.",
        .type = Type::Share, .range = { 0, 1 } }),

    row<&Config::model, &Model::path>({ .key = "model.path",
        .help = "The model: a folder in Hugging Face layout, or a checkpoint of a run. Empty: the embedded tiny model.",
        .type = Type::Path }),
    row<&Config::model, &Model::base>({ .key = "model.base",
        .help = "The folder of the base model, when model.path is an adapter whose adapter_config.json does not lead "
                "there.",
        .type = Type::Path }),
};

} // namespace

std::span<const Field> dataFields() { return kDataFields; }

} // namespace dubito::config
