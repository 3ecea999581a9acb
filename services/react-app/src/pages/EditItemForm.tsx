/** The form of an item that is loaded: saves it, unless somebody else changed it meanwhile. */
import { useId } from 'react';

import { ConfirmDialog } from '../components/ConfirmDialog';
import { ConflictAlert } from '../components/ConflictAlert';
import { Sheet } from '../components/Dialog';
import { FormErrorAlert } from '../components/FormErrorAlert';
import { ItemForm } from '../components/ItemForm';
import { RestoredNotice } from '../components/RestoredNotice';
import { SheetFooter } from '../components/SheetFooter';
import { useToast } from '../hooks/ToastContext';
import { useCloseSheet } from '../hooks/useCloseSheet';
import { useDiscardGuard } from '../hooks/useDiscardGuard';
import { useSaveItem } from '../hooks/useSaveItem';
import { useServerIssues } from '../hooks/useServerIssues';
import { useStoredDraft } from '../hooks/useStoredDraft';
import { useI18n } from '../i18n/I18nContext';
import {
  draftFromItem,
  isItemDraft,
  rebaseDraft,
  sameDraft,
  type ItemDraft,
} from '../lib/itemForm';
import type { VersionedItem } from '../services/items';
import { useListContext } from './listContext';

/** The draft, and the version of the item that it started from. */
interface Edit {
  readonly base: VersionedItem;
  readonly draft: ItemDraft;
}

function isEditOf(id: number) {
  return (value: unknown): value is Edit => {
    const edit = value as Partial<Edit> | null;
    return isItemDraft(edit?.draft) && edit.base?.item.id === id;
  };
}

export function EditItemForm({ loaded }: { loaded: VersionedItem }) {
  const { t, format } = useI18n();
  const toast = useToast();
  const formId = useId();
  const { categories } = useListContext();
  const close = useCloseSheet();
  const save = useSaveItem();

  const draftOf = (version: VersionedItem) => draftFromItem(version.item, format.editablePrice);
  const isDirty = ({ base, draft }: Edit) => !sameDraft(draft, draftOf(base));
  const { id } = loaded.item;
  const stored = useStoredDraft<Edit>({
    key: `mlp.draft.${id}`,
    initial: { base: loaded, draft: draftOf(loaded) },
    isValid: isEditOf(id),
    isWorthKeeping: isDirty,
  });
  const { base, draft } = stored.value;
  const guard = useDiscardGuard(isDirty(stored.value));
  const serverIssues = useServerIssues(save.error);

  const current = save.data?.kind === 'conflict' ? save.data.current : undefined;

  const submit = (edit: Edit) => {
    if (save.isPending) return;
    stored.setValue(edit);
    save.mutate(edit, {
      onSuccess(outcome) {
        if (outcome.kind === 'conflict') return;
        stored.forget();
        guard.release();
        toast(outcome.kind === 'saved' ? t('form.saved', outcome.item.name) : t('form.unchanged'));
        close();
      },
    });
  };
  const saveOver = (newer: VersionedItem) => {
    submit({ base: newer, draft: rebaseDraft(draft, draftOf(base), draftOf(newer)) });
  };
  const startFrom = (version: VersionedItem) => {
    save.reset();
    stored.setValue({ base: version, draft: draftOf(version) });
    stored.forget();
  };

  return (
    <Sheet title={t('form.edit.title')} subtitle={t('form.number', String(id))} onClose={close}>
      <title>{`${base.item.name} · ${t('app.name')}`}</title>
      <ItemForm
        id={formId}
        draft={draft}
        onChange={(next) => stored.setValue({ base, draft: next })}
        onSubmit={() => submit({ base, draft })}
        serverIssues={serverIssues}
        categories={categories}
      >
        {stored.restored && <RestoredNotice onStartOver={() => startFrom(loaded)} />}
        {current !== undefined && (
          <ConflictAlert
            base={draftOf(base)}
            theirs={draftOf(current)}
            yours={draft}
            onReload={() => startFrom(current)}
            onKeep={() => saveOver(current)}
          />
        )}
        <FormErrorAlert error={save.error} action="save" />
      </ItemForm>
      <SheetFooter
        form={formId}
        label={t('action.save')}
        busyLabel={t('action.saving')}
        busy={save.isPending}
        onCancel={close}
      />
      {guard.asking && (
        <ConfirmDialog
          title={t('discard.title')}
          detail={t('discard.detail')}
          confirm={t('discard.confirm')}
          cancel={t('discard.cancel')}
          onCancel={guard.stay}
          onConfirm={() => {
            stored.forget();
            guard.leave();
          }}
        />
      )}
    </Sheet>
  );
}
