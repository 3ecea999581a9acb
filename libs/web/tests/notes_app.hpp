// The application of notes.hpp with a fake service, ready to be asked.
#pragma once

#include <exception>

#include <gtest/gtest.h>

#include <telemetry/log.hpp>
#include <telemetry/metrics.hpp>
#include <web/test_client.hpp>

#include "notes.hpp"

namespace notes {

struct FakeNotes : Notes {
    base::Task<NoteRead> add(NoteCreate note) override {
        if (failure) std::rethrow_exception(failure);
        stored.push_back({static_cast<std::int64_t>(stored.size()) + 1, note.text, note.stars});
        co_return stored.back();
    }
    base::Task<base::Result<NoteRead, NoteMissing>> find(NoteId id) override {
        if (failure) std::rethrow_exception(failure);
        for (const auto& note : stored) {
            if (note.id == id) co_return note;
        }
        co_return NoteMissing();
    }

    std::vector<NoteRead> stored;
    std::exception_ptr failure;  ///< thrown by every call
};

class NotesTest : public testing::Test {
protected:
    FakeNotes fake;
    telemetry::Registry registry;
    web::App app{
        {.title = "Notes API", .version = "1.0.0", .cors_origins = {"https://good.example"}}};
    web::TestClient client{app};

    static void SetUpTestSuite() {
        // What is logged is telemetry's to test; here it would bury the results.
        telemetry::log::configure({.service = "notes", .sink = [](std::string_view) {}});
    }

    NotesTest() { app.include(router()).provide<Notes>(fake).observe(registry).document(); }
};

}  // namespace notes
