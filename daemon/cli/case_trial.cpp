// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/case_trial.hpp"

#include "connectors/base/failure.hpp"
#include "connectors/base/text.hpp"
#include "connectors/model/page.hpp"
#include "daemon/checks/trace.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/warehouse/schema.hpp"
#include "daemon/warehouse/store.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <set>

namespace nudged::cli {
namespace {

using config::GivenRecord;
using config::RuleCase;
using model::Entity;

constexpr const char* source_name = "given";

/// A folder that goes with the case.
class CaseFolder {
public:
    CaseFolder() : path_((std::filesystem::temp_directory_path() / "nudged-test-XXXXXX").string()) {
        if (!::mkdtemp(path_.data()))
            throw Failure(FailureKind::needs_person,
                          path_ + ": no folder can be made for the case; check $TMPDIR");
    }
    ~CaseFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    CaseFolder(const CaseFolder&) = delete;
    CaseFolder& operator=(const CaseFolder&) = delete;
    std::string file() const { return path_ + "/nudged.db"; }

private:
    std::string path_;
};

const std::string* owner_of(const GivenRecord& record) {
    const auto index = model::field_index(record.entity, "owner");
    if (!index || !record.values.contains(*index)) return nullptr;
    return std::get_if<std::string>(&record.values.at(*index));
}

/// The users whom records name and the case does not give.
std::vector<GivenRecord> missing_users(const RuleCase& one) {
    std::set<std::string> known;
    for (const auto& record : one.given)
        if (record.entity == Entity::user) known.insert(record.id);
    std::vector<GivenRecord> users;
    for (const auto& record : one.given) {
        const auto* owner = owner_of(record);
        if (!owner || owner->find('@') == owner->npos || !known.insert(*owner).second) continue;
        GivenRecord user{Entity::user, *owner, {}, record.place};
        user.values[*model::field_index(Entity::user, "email")] = *owner;
        user.values[*model::field_index(Entity::user, "name")] = *owner;
        users.push_back(std::move(user));
    }
    return users;
}

void add(model::Page& page, const GivenRecord& given) {
    model::Record record;
    record.entity = given.entity;
    record.id = page.keep(given.id);
    for (const auto& [index, value] : given.values) {
        if (const auto* number = std::get_if<std::int64_t>(&value))
            record.values[index] = *number;
        else
            record.values[index] = page.keep(std::get<std::string>(value));
    }
    page.records.push_back(record);
}

void fill(warehouse::Database& database, const config::Config& config, const RuleCase& one) {
    warehouse::migrate(database);
    warehouse::Transaction transaction{database};
    warehouse::apply_roster(database, config.roster);
    warehouse::apply_measures(database, config.checks.measures);
    const auto source = warehouse::ensure_source(database, source_name, "test");
    model::Page page;
    page.fetched_at = one.as_of;
    for (const auto& user : missing_users(one)) add(page, user);
    for (const auto& record : one.given) add(page, record);
    warehouse::store_records(database, source, page);
    for (const auto entity : model::all_entities()) {
        model::Page nothing_newer;
        nothing_newer.fetched_at = one.as_of;
        warehouse::store_page(database, source, {entity, model::Lane::incremental}, nothing_newer,
                              false);
    }
    transaction.commit();
}

/// "opportunity/7", "person/ana@example.com"
std::string subject_text(const warehouse::Reader& reader, const warehouse::Subject& subject) {
    if (subject.type != "person") return subject.type + "/" + subject.id;
    const auto person = warehouse::read_person(
        reader, warehouse::PersonId{std::strtoll(subject.id.c_str(), nullptr, 10)});
    return "person/" + (person ? person->email : subject.id);
}

std::string why_missing(checks::Scene scene, const std::string& check, const std::string& text) {
    const auto slash = text.find('/');
    checks::Trace trace{{text.substr(0, slash), source_name, text.substr(slash + 1), "", ""}};
    scene.trace = &trace;
    for (const auto& held : checks::evaluate(scene, check).held)
        if (held.check == check) return "; the check is held: " + held.reason;
    for (const auto& reason : trace.reasons())
        if (reason.check == check) return ", because " + reason.text;
    return {};
}

void compare(const checks::Scene& scene, const config::ExpectedFindings& expected,
             CaseOutcome& outcome) {
    const auto known = checks::check_ids(scene.options);
    if (std::find(known.begin(), known.end(), expected.check) == known.end()) {
        const auto near = nearest(expected.check, known);
        outcome.differences.push_back(
            fmt::format("{}: there is no check {}{}", expected.place.str(), expected.check,
                        near.empty() ? "" : fmt::format(", did you mean \"{}\"?", near)));
        return;
    }
    std::set<std::string> found;
    for (const auto& finding : checks::evaluate(scene, expected.check).findings) {
        const auto subject = subject_text(scene.reader, finding.subject);
        if (!found.insert(subject).second || expected.subjects.contains(subject)) continue;
        outcome.differences.push_back(fmt::format("+ {} {}  found, not expected: {}",
                                                  expected.check, for_terminal(subject),
                                                  for_terminal(finding.summary, 200)));
    }
    for (const auto& subject : expected.subjects)
        if (!found.contains(subject))
            outcome.differences.push_back(
                fmt::format("- {} {}  expected, not found{}", expected.check, for_terminal(subject),
                            for_terminal(why_missing(scene, expected.check, subject), 300)));
}

}  // namespace

CaseOutcome try_case(const config::Config& config, const RuleCase& one) {
    const CaseFolder folder;
    warehouse::Database database(folder.file(), warehouse::Database::Mode::read_write);
    database.execute("PRAGMA journal_mode = WAL");
    fill(database, config, one);
    const warehouse::Reader reader(folder.file());
    const auto people = warehouse::read_people(reader, config.roster);
    const checks::Scene scene{reader, people, config.checks, one.as_of};
    CaseOutcome outcome;
    for (const auto& expected : one.expected) compare(scene, expected, outcome);
    return outcome;
}

}  // namespace nudged::cli
