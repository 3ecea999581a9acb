/** /items/new: a sheet over the list that creates an item. */
import { useId } from 'react';

import { ConfirmDialog } from '../components/ConfirmDialog';
import { Sheet } from '../components/Dialog';
import { FormErrorAlert } from '../components/FormErrorAlert';
import { ItemForm } from '../components/ItemForm';
import { RestoredNotice } from '../components/RestoredNotice';
import { SheetFooter } from '../components/SheetFooter';
import { useToast } from '../hooks/ToastContext';
import { useCloseSheet } from '../hooks/useCloseSheet';
import { useCreateItem } from '../hooks/useCreateItem';
import { useDiscardGuard } from '../hooks/useDiscardGuard';
import { useServerIssues } from '../hooks/useServerIssues';
import { useStoredDraft } from '../hooks/useStoredDraft';
import { useSubmissionKey } from '../hooks/useSubmissionKey';
import { useI18n } from '../i18n/I18nContext';
import { emptyDraft, isEmptyDraft, isItemDraft, itemFromDraft } from '../lib/itemForm';
import { useListContext } from './listContext';

export function NewItemPage() {
  const { t } = useI18n();
  const toast = useToast();
  const formId = useId();
  const { categories } = useListContext();
  const close = useCloseSheet();
  const create = useCreateItem();
  const stored = useStoredDraft({
    key: 'mlp.draft.new',
    initial: emptyDraft,
    isValid: isItemDraft,
    isWorthKeeping: (draft) => !isEmptyDraft(draft),
  });
  const submission = useSubmissionKey('mlp.sent.new');
  const guard = useDiscardGuard(!isEmptyDraft(stored.value));
  const serverIssues = useServerIssues(create.error);

  const submit = () => {
    if (create.isPending) return;
    const body = itemFromDraft(stored.value);
    const creation = { body, key: submission.keyFor(body) };
    create.mutate(creation, {
      onSuccess(item) {
        stored.forget();
        submission.forget();
        guard.release();
        toast(t('form.created', item.name));
        close();
      },
    });
  };

  return (
    <Sheet title={t('form.new.title')} onClose={close}>
      <title>{`${t('form.new.title')} · ${t('app.name')}`}</title>
      <ItemForm
        id={formId}
        draft={stored.value}
        onChange={stored.setValue}
        onSubmit={submit}
        serverIssues={serverIssues}
        categories={categories}
      >
        {stored.restored && (
          <RestoredNotice
            onStartOver={() => {
              stored.setValue(emptyDraft);
              stored.forget();
              submission.forget();
            }}
          />
        )}
        <FormErrorAlert error={create.error} action="create" />
      </ItemForm>
      <SheetFooter
        form={formId}
        label={t('action.create')}
        busyLabel={t('action.creating')}
        busy={create.isPending}
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
            submission.forget();
            guard.leave();
          }}
        />
      )}
    </Sheet>
  );
}
