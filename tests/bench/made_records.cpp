// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/made_records.hpp"

#include "connectors/model/page.hpp"
#include "daemon/warehouse/coaching_records.hpp"
#include "daemon/warehouse/commitments.hpp"

#include <fmt/format.h>

#include <random>

namespace nudged::bench {
namespace {

using namespace nudged::warehouse;
using model::Entity;

constexpr int mass_mails = 5'000;  // to as many people, within five minutes
constexpr int weeks_of_coaching = 8;

/// Records of one entity, told in pages.
class Teller {
public:
    Teller(Database& database, SourceId source, Entity entity)
        : database_(database), source_(source), entity_(entity) {
        page_.fetched_at = as_of;
    }
    ~Teller() { tell(); }
    Teller(const Teller&) = delete;
    Teller& operator=(const Teller&) = delete;

    Teller& record(const std::string& id) {
        if (page_.records.size() >= 1000) tell();
        auto& record = page_.records.emplace_back();
        record.entity = entity_;
        record.id = page_.keep(id);
        record.modified = as_of;
        return *this;
    }
    Teller& text(const char* field, const std::string& value) {
        page_.records.back().values[*model::field_index(entity_, field)] = page_.keep(value);
        return *this;
    }
    Teller& number(const char* field, std::int64_t value) {
        page_.records.back().values[*model::field_index(entity_, field)] = value;
        return *this;
    }

private:
    void tell() {
        store_page(database_, source_, {entity_, model::Lane::incremental}, page_, false);
        page_ = {};
        page_.fetched_at = as_of;
    }
    Database& database_;
    SourceId source_;
    Entity entity_;
    model::Page page_;
};

/// The same numbers each time, for each kind of record its own.
class Chance {
public:
    Chance(const LargeWarehouse& size, unsigned seed) : size_(size), random_(seed) {}

    unsigned below(int end) {
        return static_cast<unsigned>(random_()) % static_cast<unsigned>(end);
    }
    std::string user() { return user_id(static_cast<int>(below(size_.reps))); }
    std::string account() { return account_id(static_cast<int>(below(size_.accounts))); }
    std::int64_t days_ago(int most) {
        return to_millis(as_of - std::chrono::hours{24 * below(most)});
    }
    std::int64_t days_ahead(int most) {
        return to_millis(as_of + std::chrono::hours{24 * (1 + below(most))});
    }

private:
    const LargeWarehouse& size_;
    std::mt19937 random_;
};

void tell_accounts(Database& database, SourceId source, const LargeWarehouse& size) {
    Chance chance{size, 1};
    Teller accounts{database, source, Entity::account};
    for (int i = 0; i < size.accounts; ++i)
        accounts.record(account_id(i))
            .text("name", fmt::format("Account {}", i))
            .text("owner", chance.user())
            .number("created_at", chance.days_ago(700));
}

void tell_opportunities(Database& database, SourceId source, const LargeWarehouse& size) {
    Chance chance{size, 2};
    const auto today = std::chrono::floor<std::chrono::days>(as_of).time_since_epoch();
    Teller opportunities{database, source, Entity::opportunity};
    for (int i = 0; i < size.opportunities; ++i) {
        const bool is_open = i % 4 == 0;
        const std::chrono::local_days close{today + std::chrono::days{chance.below(60)}};
        opportunities.record(opportunity_id(i))
            .text("name", fmt::format("Deal {}", i))
            .text("owner", chance.user())
            .text("account", chance.account())
            .text("amount", fmt::format("{}", chance.below(100'000)))
            .text("currency", "EUR")
            .text("close_date", format_date(close))
            .number("created_at", chance.days_ago(700))
            .number("stage_since", chance.days_ago(90))
            .number("is_closed", !is_open);
        if (!is_open)
            opportunities.number("is_won", i % 3 == 0).number("closed_at", chance.days_ago(700));
    }
}

/// One a deal, a third of them open; and for nine accounts of ten one that is still to come.
void tell_tasks(Database& database, SourceId source, const LargeWarehouse& size) {
    Chance chance{size, 3};
    Teller tasks{database, source, Entity::task};
    for (int i = 0; i < size.opportunities; ++i) {
        tasks.record(fmt::format("t{}", i))
            .text("owner", chance.user())
            .text("opportunity", opportunity_id(i))
            .text("subject", "Send the offer")
            .number("due_at", chance.days_ago(30) + 20 * 86'400'000LL)
            .number("created_at", chance.days_ago(60));
        if (i % 3) tasks.number("is_done", 1).number("completed_at", chance.days_ago(200));
    }
    for (int i = 0; i < size.accounts; ++i)
        if (i % 10)
            tasks.record(fmt::format("n{}", i))
                .text("owner", chance.user())
                .text("account", account_id(i))
                .text("subject", "Ask how it goes")
                .number("due_at", chance.days_ahead(20))
                .number("created_at", chance.days_ago(60));
}

void tell_mass_mail(Teller& emails, Chance& chance) {
    for (int i = 0; i < mass_mails; ++i)
        emails.record(fmt::format("x{}", i))
            .text("owner", user_id(0))
            .text("account", chance.account())
            .text("contact", fmt::format("c{}", i))
            .text("subject", "What is new in autumn")
            .text("direction", "outbound")
            .number("sent_at", to_millis(as_of) - 86'400'000LL + i * 60);
}

}  // namespace

std::string user_id(int rep) {
    return fmt::format("{}", 70'000 + rep);
}

std::string account_id(int number) {
    return fmt::format("a{}", number);
}

std::string opportunity_id(int number) {
    return fmt::format("o{}", number);
}

void tell_users(Database& database, SourceId source, int reps) {
    Teller users{database, source, Entity::user};
    for (int i = 0; i < reps; ++i)
        users.record(user_id(i))
            .text("email", rep_email(i))
            .text("name", fmt::format("Rep {}", i))
            .number("active", 1);
}

void tell_book(Database& database, SourceId source, const LargeWarehouse& size) {
    tell_accounts(database, source, size);
    tell_opportunities(database, source, size);
    tell_tasks(database, source, size);
}

void tell_touches(Database& database, SourceId source, const LargeWarehouse& size) {
    Chance chance{size, 4};
    Teller meetings{database, source, Entity::meeting};
    Teller emails{database, source, Entity::email};
    Teller roles{database, source, Entity::contact_role};
    for (int i = 0; i < size.opportunities; ++i) {
        meetings.record(fmt::format("m{}", i))
            .text("owner", chance.user())
            .text("opportunity", opportunity_id(i))
            .text("subject", "Demonstration")
            .number("starts_at", chance.days_ago(120));
        emails.record(fmt::format("e{}", i))
            .text("owner", chance.user())
            .text("opportunity", opportunity_id(i))
            .text("contact", fmt::format("c{}", i))
            .text("subject", fmt::format("Your offer {}", i))
            .text("direction", i % 2 ? "outbound" : "inbound")
            .number("sent_at", chance.days_ago(60));
        roles.record(fmt::format("r{}", i))
            .text("opportunity", opportunity_id(i))
            .text("contact", fmt::format("c{}", i))
            .text("role", "Decision Maker");
    }
    tell_mass_mail(emails, chance);
}

void tell_changes(Database& database, SourceId source, const LargeWarehouse& size, int count,
                  int minutes) {
    constexpr int of_each = 10;
    Chance chance{size, 5 + static_cast<unsigned>(minutes)};
    const auto now = to_millis(as_of) + 60'000LL * minutes;
    const auto first = static_cast<int>(chance.below(size.reps));
    Teller calls{database, source, Entity::call};
    Teller tasks{database, source, Entity::task};
    for (int i = 0; i < count; ++i) {
        const auto owner = user_id((first + i / of_each) % size.reps);
        if (i % of_each == 0) {
            Teller{database, source, Entity::opportunity}
                .record(opportunity_id(4 * static_cast<int>(chance.below(size.opportunities / 4))))
                .text("name", fmt::format("Deal of {}", minutes))
                .text("owner", owner)
                .text("account", chance.account())
                .text("amount", "10000")
                .text("currency", "EUR")
                .text("close_date", "2026-12-15")
                .number("created_at", to_millis(as_of) - 40 * 86'400'000LL)
                .number("is_closed", 0);
        } else if (i % 2) {
            calls.record(fmt::format("99{:04}{:06}", minutes, i))
                .text("owner", owner)
                .text("account", chance.account())
                .text("subject", "Call about the renewal")
                .number("started_at", now - 60'000);
        } else {
            tasks.record(fmt::format("98{:04}{:06}", minutes, i))
                .text("owner", owner)
                .text("account", chance.account())
                .text("subject", "Ask how it goes")
                .number("due_at", chance.days_ahead(20))
                .number("created_at", now - 60'000);
        }
    }
}

void note_coaching(Database& database, const Roster& roster) {
    const auto today = Zone::utc().local_day(as_of);
    for (const auto& team : roster.teams) {
        const auto manager = find_own_person(database, team.manager).value_or(PersonId::nobody);
        for (const auto& rep : team.members) {
            const auto person = find_own_person(database, rep).value_or(PersonId::nobody);
            for (int back = 1; back <= weeks_of_coaching; ++back) {
                Commitment commitment;
                commitment.person = person;
                commitment.kpi = "dials";
                commitment.week = IsoWeek::of(today).plus(-back);
                commitment.baseline = 40;
                commitment.promised = 50;
                commitment.made_at = as_of - std::chrono::hours{24 * 7 * (back + 1)};
                commitment.agreed_at = commitment.made_at;
                insert_commitment(database, commitment);
                NoteDraft note;
                note.type = NoteType::one_on_one;
                note.rep = person;
                note.team = team.name;
                note.manager = manager;
                note.held_on = today - std::chrono::days{7 * back};
                note.body = "We went through the week.";
                note.agreed = "50 dials in " + commitment.week.str();
                store_note(database, note, commitment.made_at);
            }
        }
    }
}

}  // namespace nudged::bench
