// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"

#include <optional>
#include <string>
#include <vector>

namespace nudged::model {

/// A message before any channel's form: plain values only, nothing escaped. Each channel escapes
/// for itself, and treats every value as hostile, since most come from a CRM.
struct Message {
    /// What it is: the digest of a day, the brief of a week, the card for a 1:1, the sheet for a
    /// scrum; that something needs somebody, or no longer does; a try.
    enum class Kind { digest, nudge, resolved, test, brief, card, scrum };

    struct Link {
        std::string label;
        std::string url;  // http or https; empty: no link
    };

    struct Fact {
        std::string label;
        std::string value;
        std::string url;         // empty: no link
        bool is_answer = false;  // a link that answers: left out where `answers` are shown
    };

    /// What somebody may answer where they read it, for channels that can take an answer.
    struct Answer {
        std::string label;
        std::string value;  // what comes back: ids of ours, never a CRM's text
    };

    /// A finding that an item tells, for programs: people read the item.
    struct Finding {
        std::string id;     // 32 hex digits: the same in every message that tells it
        std::string check;  // "opp.past_close"
        std::string title;  // what it is about
        std::string text;   // the observation
        std::string url;    // may be empty
        bool is_over = false;
    };

    /// One thing worth a conversation, or worth praise.
    struct Item {
        std::string mark;   // "◆", "↗", …: configuration, not data; may be empty
        std::string title;  // who or what it is about
        std::string url;    // where a person opens it; may be empty
        std::string text;   // the observation: number, period, comparison
        std::string question;
        std::vector<Fact> facts;  // evidence
        std::vector<Answer> answers{};
        std::vector<Finding> findings{};  // none in praise, and in what tells of no finding
    };

    /// A line of a table: every row of a section has as many cells as `columns`.
    struct Section {
        std::string heading;
        std::string text;  // may be empty
        std::vector<Item> items;
        std::vector<std::string> columns;
        std::vector<std::vector<std::string>> rows;
        std::string more;  // "and 12 more: nudged evaluate --owner ana@example.com"; may be empty
    };

    Kind kind = Kind::digest;
    std::string title;
    std::string subtitle;  // period, freshness of the data
    std::vector<Section> sections;
    std::string footer;
    std::string recipient;         // e-mail of the person it is for; empty: of nobody in particular
    std::string reference;         // short form of the idempotency key, shown small
    bool possible_repeat = false;  // the try before this one ended without a verdict
    std::string
        about{};  // the same for what is told and for the word that it is over; may be empty
    std::string series{};  // the same for all messages of one series, which mail shows as one
                           // conversation; empty: it stands alone
    std::optional<Instant> decided_at{};

    // Known when it is rendered, and not stored with it: the receipts (SendOutcome) of messages
    // that the same channel has delivered.
    std::string thread{};    // of the one that it replies to; empty: it stands alone
    std::string replaces{};  // of the one in whose place it is put; empty: it is a new one
};

/// The outbox keeps messages as JSON until their first claim. parse_message throws
/// Failure(corrupt).
std::string to_json(const Message& message);
Message parse_message(const std::string& json);

}  // namespace nudged::model
