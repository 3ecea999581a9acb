#include "notes.hpp"

namespace notes {
namespace {

using base::Task;

Task<web::Created<NoteRead>> create_note(web::Body<NoteCreate> note, web::Dep<Notes> notes) {
    co_return co_await notes->add(std::move(note));
}

Task<web::Result<NoteRead, NoteMissing>> read_note(web::Path<"id", NoteId> id,
                                                   web::Dep<Notes> notes) {
    return notes->find(id);
}

Task<NoteList> list_notes(web::QueryParams<NoteFilter> filter, web::Dep<Notes>) {
    co_return NoteList{{}, filter.limit};
}

Task<NotePatch> patch_note(web::Path<"id", NoteId>, web::IfMatch,
                           web::MergePatch<NotePatch> patch) {
    co_return std::move(patch);
}

Task<web::NoContent> delete_note(web::Path<"id", NoteId>) {
    co_return web::NoContent();
}

}  // namespace

web::Router router() {
    return web::Router("/notes", "notes")
        .get<"/", list_notes>("List notes")
        .post<"/", create_note>("Create a note")
        .get<"/{id}", read_note>("Read one note")
        .patch<"/{id}", patch_note>("Change a note")
        .del<"/{id}", delete_note>("Delete a note");
}

}  // namespace notes
