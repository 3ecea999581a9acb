/** Asks for confirmation before an action that cannot be undone. The harmless answer has the focus. */
import { AlertDialog } from './Dialog';
import { Button } from './Button';

interface ConfirmDialogProps {
  title: string;
  detail: string;
  confirm: string;
  cancel: string;
  onConfirm: () => void;
  onCancel: () => void;
}

export function ConfirmDialog({
  title,
  detail,
  confirm,
  cancel,
  onConfirm,
  onCancel,
}: ConfirmDialogProps) {
  return (
    <AlertDialog title={title} detail={detail} onClose={onCancel}>
      <Button data-autofocus onClick={onCancel}>
        {cancel}
      </Button>
      <Button variant="danger" onClick={onConfirm}>
        {confirm}
      </Button>
    </AlertDialog>
  );
}
