// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/crm_pages.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>

namespace nudged::bench {
namespace {

constexpr std::uint64_t users = 100;
constexpr std::uint64_t seconds_between = 23;  // calls of the account, 3,757 a day

/// What reps write, and what makes up most of a record that nobody keeps.
constexpr std::string_view body_text =
    "<div style=\\\"\\\" dir=\\\"auto\\\" data-top-level=\\\"true\\\"><p style=\\\"margin:0;\\\">"
    "Spoke with the head of operations about the rollout in the second plant. They like the pilot, "
    "the budget is with the board, and a decision is expected after the audit. Asked for the two "
    "references from the same industry and for the security questionnaire. Next: send both by the "
    "end of the week and agree on a date for the walk-through with their team.</p></div>";

/// The same number for the same seed, spread over all 64 bits.
std::uint64_t scattered(std::uint64_t seed) {
    seed += 0x9E3779B97F4A7C15;
    seed = (seed ^ (seed >> 30)) * 0xBF58476D1CE4E5B9;
    seed = (seed ^ (seed >> 27)) * 0x94D049BB133111EB;
    return seed ^ (seed >> 31);
}

class PageText {
public:
    PageText& operator<<(std::string_view text) {
        text_ += text;
        return *this;
    }
    PageText& operator<<(std::uint64_t number) {
        char digits[20];
        const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
        text_.append(digits, end);
        return *this;
    }
    /// "2026-08-01T09:30:00.000Z", so many seconds after the account began.
    PageText& time(std::uint64_t seconds) {
        using namespace std::chrono;
        constexpr sys_days beginning{2016y / 1 / 4};
        const sys_seconds moment = beginning + std::chrono::seconds{seconds};
        const auto day = floor<days>(moment);
        const year_month_day date{day};
        const hh_mm_ss clock{moment - day};
        char text[] = "0000-00-00T00:00:00.000Z";
        put(text, 4, static_cast<unsigned>(static_cast<int>(date.year())));
        put(text + 5, 2, static_cast<unsigned>(date.month()));
        put(text + 8, 2, static_cast<unsigned>(date.day()));
        put(text + 11, 2, static_cast<unsigned>(clock.hours().count()));
        put(text + 14, 2, static_cast<unsigned>(clock.minutes().count()));
        put(text + 17, 2, static_cast<unsigned>(clock.seconds().count()));
        text_.append(text, sizeof text - 1);
        return *this;
    }
    void reserve(std::size_t bytes) { text_.reserve(bytes); }
    std::string take() { return std::move(text_); }

private:
    static void put(char* at, int width, unsigned number) {
        for (int i = width - 1; i >= 0; --i, number /= 10)
            at[i] = static_cast<char>('0' + number % 10);
    }
    std::string text_;
};

/// One record: the `index`-th of its object, as it was at first or as it has become.
struct Subject {
    std::uint64_t index;
    bool is_changed;
    std::uint64_t chance;  // what varies from record to record

    explicit Subject(std::uint64_t at, bool changed)
        : index(at), is_changed(changed), chance(scattered(at)) {}
    std::uint64_t created() const { return index * seconds_between; }
    std::uint64_t modified() const { return created() + 3600 + (is_changed ? 86'400 : 0); }
    std::uint64_t owner() const { return 70'000'000 + chance % users; }
    std::uint64_t account() const { return 9'000'000'000 + (chance >> 8) % 20'000; }
    std::uint64_t contact() const { return 5'000'000'000 + (chance >> 20) % 60'000; }
    bool one_in(std::uint64_t n) const { return (chance >> 40) % n == 0; }
};

void begin_record(PageText& page, const Subject& record, std::uint64_t id_base) {
    page << R"({"id":")" << id_base + record.index << R"(","properties":{"hs_object_id":")"
         << id_base + record.index << R"(","hubspot_owner_id":")" << record.owner()
         << R"(","hs_createdate":")";
    page.time(record.created()) << R"(","hs_lastmodifieddate":")";
    page.time(record.modified()) << R"(",)";
}

void end_record(PageText& page, const Subject& record, std::uint64_t id_base,
                std::string_view kind) {
    page << R"(},"createdAt":")";
    page.time(record.created()) << R"(","updatedAt":")";
    page.time(record.modified())
        << R"(","archived":false,"url":"https://app.hubspot.com/contacts/4711/record/)" << kind
        << "/" << id_base + record.index << R"(","associations":{"companies":{"results":[{"id":")"
        << record.account() << R"(","type":"to_company"}]},"contacts":{"results":[{"id":")"
        << record.contact() << R"(","type":"to_contact"}]}}})";
}

constexpr std::uint64_t first_call = 51'000'000'000;
constexpr std::uint64_t first_task = 61'000'000'000;
constexpr std::uint64_t first_deal = 31'000'000'000;

void add_call(PageText& page, const Subject& call) {
    constexpr std::string_view outcomes[] = {"f240bbac-87c9-4f6e-bf70-924b57d47db7",
                                             "73a0d17f-1163-4015-bdd5-ec830791da20",
                                             "b2cf5968-551e-4856-9783-52b3da59a7d0"};
    begin_record(page, call, first_call);
    page << R"("hs_timestamp":")";
    page.time(call.created())
        << R"(","hs_call_duration":")" << (call.chance >> 4) % 600'000
        << R"(","hs_call_direction":"OUTBOUND","hs_call_disposition":")"
        << outcomes[(call.chance + call.is_changed) % 3]
        << R"(","hs_call_status":"COMPLETED","hs_call_title":")"
        << (call.is_changed ? "Call with the plant, followed up"
                            : "Call with the plant about the renewal")
        << R"(","hs_call_from_number":"+4930901820)" << call.index % 100
        << R"(","hs_call_to_number":"+49301234567","hs_call_recording_url":null,)"
        << R"("hs_call_body":")" << body_text << "\"";
    end_record(page, call, first_call, "0-48");
}

void add_task(PageText& page, const Subject& task) {
    const bool is_done = !task.one_in(20) || task.is_changed;
    begin_record(page, task, first_task);
    page << R"("hs_timestamp":")";
    page.time(task.created() + 3 * 86'400)
        << R"(","hs_task_subject":")"
        << (task.is_changed ? "Send the references, once more"
                            : "Send references and questionnaire")
        << R"(","hs_task_status":")" << (is_done ? "COMPLETED" : "NOT_STARTED")
        << R"(","hs_task_completion_date":)";
    if (is_done) {
        page << "\"";
        page.time(task.created() + 2 * 86'400) << "\"";
    } else {
        page << "null";
    }
    page << R"(,"hs_task_priority":"MEDIUM","hs_task_type":"CALL","hs_task_is_all_day":"false",)"
         << R"("hs_task_body":")" << body_text << "\"";
    end_record(page, task, first_task, "0-27");
}

void add_deal(PageText& page, const Subject& deal) {
    constexpr std::string_view stages[] = {"appointmentscheduled", "qualifiedtobuy",
                                           "decisionmakerboughtin", "closedwon", "closedlost"};
    begin_record(page, deal, first_deal);
    const auto stage = (deal.chance % 5 + deal.is_changed) % 5;
    page << R"("dealname":"Rollout in plant )" << deal.index << R"(","pipeline":"default",)"
         << R"("dealstage":")" << stages[stage] << R"(","amount":")"
         << 1000 + (deal.chance >> 12) % 90'000 << R"(.50","deal_currency_code":"EUR",)"
         << R"("closedate":")";
    page.time(deal.created() + 90 * 86'400)
        << R"(","hs_is_closed":")" << (stage >= 3 ? "true" : "false") << R"(","hs_is_closed_won":")"
        << (stage == 3 ? "true" : "false")
        << R"(","dealtype":"newbusiness","hs_next_step":"send the references",)"
        << R"("description":")" << body_text << "\"";
    end_record(page, deal, first_deal, "0-3");
}

void add_user(PageText& page, std::uint64_t index) {
    page << R"({"id":")" << 70'000'000 + index << R"(","email":"rep)" << index
         << R"(@kestrel.example","type":"PERSON","firstName":"Rep","lastName":"Number )" << index
         << R"(","archived":false,"createdAt":"2016-01-04T00:00:00.000Z",)"
         << R"("updatedAt":"2016-01-04T00:00:00.000Z"})";
}

/// None for an object that no account has.
std::optional<std::uint64_t> records_of(const Account& account, std::string_view object) {
    const auto calls = account.records * 70 / 100;
    const auto tasks = account.records * 25 / 100;
    if (object == "calls") return calls;
    if (object == "tasks") return tasks;
    if (object == "deals") return account.records - calls - tasks;
    if (object == "owners") return users;
    return std::nullopt;
}

/// How many of the `there` are told.
std::uint64_t told_of(const Account& account, std::string_view object, std::uint64_t there) {
    if (account.changed == 0) return there;
    if (object == "owners" || account.records == 0) return 0;
    return there * std::min(account.changed, account.records) / account.records;
}

void add_record(PageText& page, std::string_view object, const Subject& record) {
    if (object == "calls")
        add_call(page, record);
    else if (object == "tasks")
        add_task(page, record);
    else
        add_deal(page, record);
}

}  // namespace

std::string make_page(const Account& account, std::string_view object, std::uint64_t first,
                      std::uint64_t limit) {
    const auto there = records_of(account, object);
    if (!there) return {};
    const bool is_changed = account.changed > 0;
    const auto told = told_of(account, object, *there);
    const auto end = std::min(first + limit, told);
    PageText page;
    page.reserve(limit * 1400);
    page << R"({"results":[)";
    for (auto i = first; i < end; ++i) {
        if (i > first) page << ",";
        // A prime that no size divides leads to every record once.
        constexpr std::uint64_t stride = 2'147'483'647;
        const auto changed = account.latest ? *there - told + i : i * stride % *there;
        if (object == "owners")
            add_user(page, i);
        else
            add_record(page, object, Subject{is_changed ? changed : i, is_changed});
    }
    page << "]";
    if (end < told) page << R"(,"paging":{"next":{"after":")" << end << R"("}})";
    page << "}";
    return page.take();
}

}  // namespace nudged::bench
