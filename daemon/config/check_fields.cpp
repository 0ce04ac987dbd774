// SPDX-License-Identifier: Apache-2.0
#include "daemon/config/check_fields.hpp"

#include "connectors/model/entity.hpp"
#include "daemon/warehouse/deal_values.hpp"

#include <cmath>

namespace nudged::config {
namespace {

bool read_target(const toml::node& node, double& out, const Spot& spot) {
    double target = 0;
    if (!Codec<double>::read(node, target, spot)) return false;
    if (target <= 0) {
        spot.error(node, fmt::format("\"{}\" must be more than 0", spot.key));
        return false;
    }
    out = target;
    return true;
}

}  // namespace

bool TargetOfAll::read(const toml::node& node, Targets& out, const Spot& spot) {
    if (node.is_array()) return false;  // DatedTargets'
    double target = 0;
    if (!read_target(node, target, spot)) return false;
    out[""] = target;
    return true;
}

std::optional<Value> TargetOfAll::write(const Targets& targets) {
    const auto all = targets.find("");
    return all == targets.end() ? std::nullopt : Codec<double>::write(all->second);
}

bool TargetsOfTeams::read(const toml::node& node, Targets& out, const Spot& spot) {
    const auto* table = node.as_table();
    if (!table) {
        spot.wrong_type(node, "a table", "write [kpi.targets], and under it \"TEAM\" = NUMBER");
        return false;
    }
    for (const auto& [team, target] : *table) {
        double number = 0;
        if (read_target(target, number, spot.inside(team.str())))
            out[std::string{team.str()}] = number;
    }
    return true;
}

std::optional<Value> TargetsOfTeams::write(const Targets& targets) {
    Table table;
    for (const auto& [team, target] : targets)
        if (!team.empty()) table.add(team, *Codec<double>::write(target));
    if (table.entries.empty()) return std::nullopt;
    return Value::of(std::move(table));
}

std::optional<Complaint> QuarterName::operator()(const std::string& name) const {
    if (name.empty()) return std::nullopt;
    const bool fits =
        name.size() == 7 && name[4] == '-' && name[5] == 'Q' && name[6] >= '1' && name[6] <= '4' &&
        std::all_of(name.begin(), name.begin() + 4, [](char c) { return c >= '0' && c <= '9'; });
    if (fits) return std::nullopt;
    return Complaint{fmt::format("cannot be \"{}\"", name),
                     "write a fiscal quarter as \"2027-Q1\""};
}

bool DatedTargets::read(const toml::node& node, Targets& out, const Spot& spot) {
    if (!node.is_array()) return false;  // TargetOfAll's
    if (!Codec<Targets>::read(node, out, spot)) return false;
    for (const auto& target : out)
        if (target.value <= 0)
            spot.error(node, fmt::format("\"{}\" must have a value of more than 0", spot.key));
    return true;
}

std::optional<Value> DatedTargets::write(const Targets& targets) {
    return targets.empty() ? std::nullopt : Codec<Targets>::write(targets);
}

bool Score::read(const toml::node& node, Weights& out, const Spot& spot) {
    if (!Codec<Weights>::read(node, out, spot)) return false;
    double sum = 0;
    bool good = true;
    for (const auto& [name, weight] : out) {
        good = good && weight > 0;
        sum += weight;
    }
    // As binary fractions, three thirds are not quite 1.
    if (good && std::abs(sum - 1) < 1e-6) return true;
    spot.error(node, fmt::format("the weights of \"{}\" must be above 0 and come to 1", spot.key),
               fmt::format("they come to {}", sum));
    return false;
}

std::optional<Value> Score::write(const Weights& weights) {
    return weights.empty() ? std::nullopt : Codec<Weights>::write(weights);
}

bool Ramp::read(const toml::node& node, std::vector<double>& out, const Spot& spot) {
    std::vector<double> ramp;
    if (!Codec<std::vector<double>>::read(node, ramp, spot)) return false;
    if (std::any_of(ramp.begin(), ramp.end(), [](double one) { return one < 0 || one > 1; })) {
        spot.error(node, fmt::format("\"{}\" must hold shares between 0 and 1", spot.key));
        return false;
    }
    out = std::move(ramp);
    return true;
}

std::optional<Value> Ramp::write(const std::vector<double>& ramp) {
    return Codec<std::vector<double>>::write(ramp);
}

std::optional<Complaint> DealFields::operator()(const std::vector<std::string>& list) const {
    std::vector<std::string> known;
    for (const auto& one : model::fields_of(model::Entity::opportunity))
        if (one.name != "extra") known.emplace_back(one.name);
    for (const auto& name : list)
        if (!warehouse::is_deal_field(name)) {
            const auto near = suggest(name, known);
            return Complaint{
                fmt::format("names \"{}\", which no opportunity has", name),
                near.empty() ? "see docs/records.md; a field of your own is \"extra.NAME\"" : near};
        }
    return std::nullopt;
}

std::optional<Complaint> DealFields::operator()(
    const std::map<std::string, std::vector<std::string>>& fields_by_stage) const {
    for (const auto& [stage, list] : fields_by_stage)
        if (auto complaint = (*this)(list)) return complaint;
    return std::nullopt;
}

std::optional<Complaint> UserIds::operator()(const std::vector<std::string>& users) const {
    for (const auto& user : users) {
        const auto slash = user.find('/');
        if (slash == user.npos || slash == 0 || slash + 1 == user.size())
            return Complaint{fmt::format("names \"{}\"", user), "write \"SOURCE/USER ID\""};
    }
    return std::nullopt;
}

bool Codec<checks::SqlText>::read(const toml::node& node, checks::SqlText& out, const Spot& spot) {
    if (!Codec<std::string>::read(node, out.text, spot)) return false;
    out.place = spot.place(node);
    return true;
}

std::optional<Value> Codec<checks::SqlText>::write(const checks::SqlText& query) {
    return Codec<std::string>::write(query.text);
}

std::optional<Complaint> Asks::operator()(const std::string& question) const {
    if (question.find('!') == question.npos && question.find('?') != question.npos)
        return std::nullopt;
    return Complaint{"must be a question, without an exclamation mark",
                     "ask openly: what, how, who or when … ?"};
}

}  // namespace nudged::config
