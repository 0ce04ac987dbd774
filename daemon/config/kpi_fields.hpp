// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/config/measure_fields.hpp"
#include "daemon/config/record_check_fields.hpp"

/// kpis.toml and criteria.toml.
namespace nudged::config {

template <>
struct Codec<checks::SqlText> {
    static bool read(const toml::node& node, checks::SqlText& out, const Spot& spot);
    static std::optional<Value> write(const checks::SqlText& query);
    static Shape shape() { return Shape::text("SQL"); }
};

/// The query of a KPI; written only where there is one.
struct KpiQuery {
    static bool read(const toml::node& node, checks::SqlText& out, const Spot& spot) {
        return Codec<checks::SqlText>::read(node, out, spot);
    }
    static std::optional<Value> write(const checks::SqlText& query) {
        return query.text.empty() ? std::nullopt : Codec<checks::SqlText>::write(query);
    }
    static Shape shape() { return Codec<checks::SqlText>::shape(); }
};

/// `score = { dials = 0.4, meetings = 0.6 }`; written only where there is one.
struct Score {
    using Weights = std::map<std::string, double>;
    static bool read(const toml::node& node, Weights& out, const Spot& spot);
    static std::optional<Value> write(const Weights& weights);
    static Shape shape() { return Shape::table_of(Shape::of(Shape::Kind::number)); }
};

/// `target = 60`: the target of everybody, kept under the empty team name.
struct TargetOfAll {
    using Targets = std::map<std::string, double>;
    static bool read(const toml::node& node, Targets& out, const Spot& spot);
    static std::optional<Value> write(const Targets& targets);
    static Shape shape() { return Shape::of(Shape::Kind::number); }
};

/// `[kpi.targets]`: those of teams.
struct TargetsOfTeams {
    using Targets = std::map<std::string, double>;
    static bool read(const toml::node& node, Targets& out, const Spot& spot);
    static std::optional<Value> write(const Targets& targets);
    static Shape shape() { return Shape::table_of(TargetOfAll::shape()); }
};

template <>
inline constexpr auto fields<checks::DatedTarget> = std::tuple{
    field("from", &checks::DatedTarget::from, "the first day on which it holds; default: always"),
    field("value", &checks::DatedTarget::value, "per rep and week of five working days", required),
    field("team", &checks::DatedTarget::team, "only for this team, or:"),
    field("role", &checks::DatedTarget::role, "only for this role, or:"),
    field("rep", &checks::DatedTarget::rep, "only for this rep: an address or a name"),
};

/// `[[kpi.target]]`: targets with their first day.
struct DatedTargets {
    using Targets = std::vector<checks::DatedTarget>;
    static bool read(const toml::node& node, Targets& out, const Spot& spot);
    static std::optional<Value> write(const Targets& targets);
    static Shape shape() { return Codec<Targets>::shape(); }
};

/// `ramp = [0, 0.5, 1]`: a share of the target by full months in the role.
struct Ramp {
    static bool read(const toml::node& node, std::vector<double>& out, const Spot& spot);
    static std::optional<Value> write(const std::vector<double>& ramp);
    static Shape shape() { return Codec<std::vector<double>>::shape(); }
};

template <>
inline constexpr auto fields<checks::KpiRatio> = std::tuple{
    field<MeasureName>("of", &checks::KpiRatio::of, "the measure that is divided", required),
    field<MeasureNames>("by", &checks::KpiRatio::by, "the measures by whose sum it is divided",
                        required),
};

template <>
inline constexpr auto fields<checks::KpiRole> = std::tuple{
    field("name", &checks::KpiRole::name, "what teams.toml calls the role", required, not_blank),
    field<Ramp>("ramp", &checks::KpiRole::ramp,
                "the share of a target that full months in the role ask for"),
};

template <>
inline constexpr auto fields<checks::Kpi> = std::tuple{
    field("name", &checks::Kpi::name, "what commands and findings call the KPI", required,
          identifier),
    field("label", &checks::Kpi::label, "what people read; empty: the name"),
    field<KpiMeasure>("measure", &checks::Kpi::measure, "what is counted, or:"),
    field("ratio", &checks::Kpi::ratio, "one measure by others: { of = \"…\", by = [\"…\"] }, or:"),
    field<KpiQuery>("sql", &checks::Kpi::query,
                    "a SELECT over the views that gives person_id, week and value, or:"),
    field<Score>("score", &checks::Kpi::score,
                 "other KPIs by their weights, which come to 1: { NAME = 0.4, … }"),
    field("score_cap", &checks::Kpi::score_cap,
          "how much of a target counts in a score: 1 is no more than all of it",
          between(0.01, 100.0)),
    field("prorated", &checks::Kpi::is_prorated_query,
          "whether the target of a query shrinks with the days worked"),
    field("unit", &checks::Kpi::unit, "\"count\", or the currency of an amount", not_blank),
    field<TargetOfAll>("target", &checks::Kpi::targets, "per rep and week of five working days"),
    field<TargetsOfTeams>("targets", &checks::Kpi::targets, "other targets, by team"),
    field<DatedTargets>("target", &checks::Kpi::dated_targets,
                        "instead of one number: [[kpi.target]] tables, each from a day on"),
    field("lower_is_better", &checks::Kpi::lower_is_better,
          "whether less is better; the target is not prorated then"),
    field("why", &checks::Kpi::why, "a sentence that says to a rep why this number matters",
          required, not_blank),
    field("question", &checks::Kpi::question,
          "what a manager may ask when the KPI stays low; empty: a general one"),
};

template <>
inline constexpr auto fields<checks::Funnel> = std::tuple{
    field("quota", &checks::Funnel::quota, "worth of deals that each rep is to win in `weeks`",
          between(0.0, 1e15)),
    field("weeks", &checks::Funnel::weeks, "the weeks of the quota", between(1, 104)),
    field("deal_size", &checks::Funnel::deal_size,
          "worth of a deal; 0: what the team's wins were worth on the average", between(0.0, 1e15)),
    field<MeasureNames>("steps", &checks::Funnel::steps,
                        "measures, the wins first, each of them made from the next"),
    field("history_weeks", &checks::Funnel::history_weeks,
          "the weeks over which the rates between them are counted", between(4, 104)),
};

/// "2027-Q1", or nothing.
struct QuarterName {
    std::optional<Complaint> operator()(const std::string& name) const;
};
template <>
inline constexpr auto fields<checks::Quota> = std::tuple{
    field("rep", &checks::Quota::rep, "the address of the rep whose quota it is"),
    field("team", &checks::Quota::team, "or the team: the quota of each rep of it"),
    field("quarter", &checks::Quota::quarter,
          "the fiscal quarter, such as \"2027-Q1\"; empty: every quarter", QuarterName{}),
    field("amount", &checks::Quota::amount, "what is to be won in the quarter", required,
          between(0.01, 1e15)),
    field("currency", &checks::Quota::currency, "of the amount; other deals are left out"),
};

template <>
inline constexpr auto fields<checks::Criterion> = std::tuple{
    field("name", &checks::Criterion::name, "what people read", required, not_blank),
    field("pipeline", &checks::Criterion::pipeline, "name or id of a pipeline; empty: all"),
    field("from_stage", &checks::Criterion::from_stage,
          "the open stage of the pipeline, counted from 1, from which it must be met",
          between(1, 100)),
    field("mandatory", &checks::Criterion::is_mandatory, "without it a deal is not real"),
    field("weight", &checks::Criterion::weight, "its part of the score", between(0.0, 1000.0)),
    field("evidence", &checks::Criterion::evidence,
          "what shows it: contact_role, meeting, field or inbound_touch", required),
    field("days", &checks::Criterion::days, "calendar days back, of a meeting or an inbound touch",
          rule::days),
    field("roles", &checks::Criterion::roles, "of a contact_role; empty: any"),
    field("field", &checks::Criterion::field,
          "of a field: one of the opportunity, or of its own fields"),
};

/// kpis.toml.
struct KpiFile {
    std::vector<checks::Kpi> kpis;
    std::vector<checks::Quota> quotas{};
    std::vector<double> ramp = checks::CheckOptions{}.ramp;
    std::vector<checks::KpiRole> roles{};
    checks::Funnel funnel{};
    std::vector<warehouse::OwnMeasure> measures{};
};
template <>
inline constexpr auto fields<KpiFile> = std::tuple{
    // Before everything that may name one.
    field("measure", &KpiFile::measures, "what is counted beside what ships: one [[measure]] each"),
    field<Ramp>("ramp", &KpiFile::ramp,
                "the share of a target that full months in the role ask for, the last for good"),
    field("role", &KpiFile::roles, "another ramp for a role: one [[role]] each"),
    field("funnel", &KpiFile::funnel, "what a quota asks for, from the deal back to the dial"),
    field("kpi", &KpiFile::kpis, "one [[kpi]] each"),
    field("quota", &KpiFile::quotas, "one [[quota]] each"),
};

/// criteria.toml.
struct CriteriaFile {
    std::vector<checks::Criterion> criteria;
};
template <>
inline constexpr auto fields<CriteriaFile> = std::tuple{
    field("criterion", &CriteriaFile::criteria, "one [[criterion]] each"),
};

}  // namespace nudged::config
