import { Icon } from './icon.tsx';

export const BackIcon = () => <Icon children={<path d="M10 3 5 8l5 5" />} />;
export const ForwardIcon = () => <Icon children={<path d="m6 3 5 5-5 5" />} />;
export const ReloadIcon = () => (
  <Icon>
    <path d="M13 8a5 5 0 1 1-1.5-3.6L13 6" />
    <path d="M13 2.8V6H9.8" />
  </Icon>
);
export const OpenIcon = () => (
  <Icon>
    <path d="M9.5 2.75h3.75V6.5M13 3 7.75 8.25" />
    <path d="M12.25 9.5v2.25a1.5 1.5 0 0 1-1.5 1.5h-6.5a1.5 1.5 0 0 1-1.5-1.5v-6.5a1.5 1.5 0 0 1 1.5-1.5H6.5" />
  </Icon>
);
export const ExpandIcon = () => (
  <Icon>
    <path d="M9.75 2.75h3.5v3.5M6.25 13.25h-3.5v-3.5M13 3 9.5 6.5M3 13l3.5-3.5" />
  </Icon>
);
export const LockIcon = () => (
  <Icon>
    <rect x="3.25" y="7" width="9.5" height="6.25" rx="1.25" />
    <path d="M5.5 7V5a2.5 2.5 0 0 1 5 0v2" />
  </Icon>
);
export const UnfoldIcon = () => (
  <Icon>
    <path d="M8 6V2.5M6 4.5l2-2 2 2M8 10v3.5M6 11.5l2 2 2-2M2.75 8h10.5" />
  </Icon>
);
export const CloseIcon = () => <Icon children={<path d="m4 4 8 8M12 4l-8 8" />} />;
export const PlusIcon = () => <Icon children={<path d="M8 3v10M3 8h10" />} />;
export const MoreIcon = () => (
  <Icon>
    <path d="M3.5 8h.01M8 8h.01M12.5 8h.01" stroke-width="2" />
  </Icon>
);
export const PlayIcon = () => <Icon children={<path d="M5 3.25v9.5L12.5 8Z" />} />;
export const PauseIcon = () => <Icon children={<path d="M5.5 3.5v9M10.5 3.5v9" stroke-width="1.75" />} />;
export const StopIcon = () => <Icon children={<rect x="3.75" y="3.75" width="8.5" height="8.5" rx="1" />} />;
export const RestartIcon = () => (
  <Icon>
    <path d="M3 8a5 5 0 1 0 1.5-3.6L3 6" />
    <path d="M3 2.8V6h3.2" />
  </Icon>
);
export const SearchIcon = () => (
  <Icon>
    <circle cx="7" cy="7" r="4.25" />
    <path d="m10.25 10.25 3 3" />
  </Icon>
);
export const CompareIcon = () => (
  <Icon>
    <rect x="2.25" y="3" width="11.5" height="10" rx="1.5" />
    <path d="M8 3v10" />
  </Icon>
);
export const ListIcon = () => (
  <Icon>
    <rect x="2.25" y="3" width="11.5" height="10" rx="1.5" />
    <path d="M6 3v10" />
  </Icon>
);
export const BranchIcon = () => (
  <Icon>
    <circle cx="4.5" cy="3.75" r="1.5" />
    <circle cx="4.5" cy="12.25" r="1.5" />
    <circle cx="11.5" cy="5.75" r="1.5" />
    <path d="M4.5 5.25v5.5M11.5 7.25c0 2.25-3.5 2-5.9 3.4" />
  </Icon>
);
export const FolderIcon = () => (
  <Icon>
    <path d="M2.25 12V4.25a1 1 0 0 1 1-1h3l1.5 1.75h5a1 1 0 0 1 1 1V12a1 1 0 0 1-1 1H3.25a1 1 0 0 1-1-1Z" />
  </Icon>
);
export const BoardIcon = () => (
  <Icon>
    <rect x="2.25" y="3" width="11.5" height="10" rx="1.5" />
    <path d="M6 3v7M10 3v5" />
  </Icon>
);
export const ShieldIcon = () => (
  <Icon>
    <path d="M8 2.25 3 4v4c0 3 2.1 4.9 5 5.75C10.9 12.9 13 11 13 8V4Z" />
    <path d="m6 7.9 1.4 1.4L10.2 6.5" />
  </Icon>
);
export const ShieldOpenIcon = () => (
  <Icon>
    <path d="M8 2.25 3 4v4c0 3 2.1 4.9 5 5.75C10.9 12.9 13 11 13 8V4Z" />
    <path d="M8 5.5v3M8 10.75h.01" />
  </Icon>
);
export const WarningIcon = () => (
  <Icon>
    <path d="M8 2.5 1.9 13h12.2Z" />
    <path d="M8 6.5v3M8 11.25h.01" />
  </Icon>
);
export const ErrorIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="5.75" />
    <path d="M8 5v3.5M8 10.75h.01" />
  </Icon>
);
export const CheckIcon = () => <Icon children={<path d="m3.5 8.5 3 3 6-7" />} />;
export const SkipIcon = () => <Icon children={<path d="M4 8h8" />} />;
export const PendingIcon = () => <Icon children={<circle cx="8" cy="8" r="2" />} />;
export const CopyIcon = () => (
  <Icon>
    <rect x="5.75" y="5.75" width="7.5" height="7.5" rx="1.25" />
    <path d="M10.25 5.5V4a1.25 1.25 0 0 0-1.25-1.25H4A1.25 1.25 0 0 0 2.75 4v5A1.25 1.25 0 0 0 4 10.25h1.5" />
  </Icon>
);
export const ConsoleIcon = () => (
  <Icon>
    <rect x="2.25" y="3" width="11.5" height="10" rx="1.5" />
    <path d="m5 6.25 2 1.75-2 1.75M8.75 10.25h2.5" />
  </Icon>
);
export const ClearIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="5.5" />
    <path d="m4.25 4.25 7.5 7.5" />
  </Icon>
);
export const DownIcon = () => <Icon children={<path d="M8 3v9.5M4 8.75l4 4 4-4" />} />;
export const ChevronDownIcon = () => <Icon children={<path d="m4 6 4 4 4-4" />} />;
export const ChevronUpIcon = () => <Icon children={<path d="m4 10 4-4 4 4" />} />;
export const ScreenIcon = () => (
  <Icon>
    <rect x="2.25" y="2.75" width="11.5" height="8" rx="1.25" />
    <path d="M6 13.25h4" />
  </Icon>
);
export const SpinnerIcon = () => (
  <Icon class="spinner">
    <circle cx="8" cy="8" r="5.5" stroke="currentColor" opacity="0.25" />
    <path d="M8 2.5A5.5 5.5 0 0 1 13.5 8" />
  </Icon>
);
export const DeviceIcon = () => (
  <Icon>
    <rect x="2" y="3" width="8.5" height="7" rx="1" />
    <path d="M4.5 13H8" />
    <rect x="10.5" y="6.5" width="3.5" height="6.5" rx="0.75" />
  </Icon>
);
export const RotateIcon = () => (
  <Icon>
    <rect x="2.5" y="6.5" width="7" height="7" rx="1" />
    <path d="M7 3h3a3.5 3.5 0 0 1 3.5 3.5v1M11.75 6l1.75 1.75L15 6.25" />
  </Icon>
);
export const CameraIcon = () => (
  <Icon>
    <path d="M2.5 5.25h2.25L6 3.5h4l1.25 1.75h2.25v7.25h-11Z" />
    <circle cx="8" cy="8.5" r="2.25" />
  </Icon>
);
export const NetworkIcon = () => (
  <Icon>
    <path d="M5 12.5v-9M2.75 5.75 5 3.5l2.25 2.25M11 3.5v9M8.75 10.25 11 12.5l2.25-2.25" />
  </Icon>
);
export const EditorIcon = () => (
  <Icon>
    <path d="m5.5 4.5-3 3.5 3 3.5M10.5 4.5l3 3.5-3 3.5M9 3.5l-2 9" />
  </Icon>
);
export const FileIcon = () => (
  <Icon>
    <path d="M4 2.5h5l3 3v8H4ZM9 2.5v3h3" />
  </Icon>
);
export const SettingsIcon = () => (
  <Icon>
    <path d="M2.5 5h5M11 5h2.5M2.5 11H5M8.5 11h5" />
    <circle cx="9.25" cy="5" r="1.75" />
    <circle cx="6.75" cy="11" r="1.75" />
  </Icon>
);
export const ChartIcon = () => (
  <Icon>
    <path d="M2.5 2.5v11h11M5 10.5 7.5 7l2.25 2L13 4.5" />
  </Icon>
);
export const PinIcon = () => (
  <Icon>
    <path d="M6 2.5h4M7 2.5v4L4.5 9.5h7L9 6.5v-4M8 9.5v4" />
  </Icon>
);
export const ImportIcon = () => (
  <Icon>
    <path d="M8 12.5V6M4.75 8.5 8 5.25l3.25 3.25M3 3h10" />
  </Icon>
);
export const ExportIcon = () => (
  <Icon>
    <path d="M8 3v6.5M4.75 6.5 8 9.75l3.25-3.25M3 13h10" />
  </Icon>
);
export const SaveIcon = () => (
  <Icon>
    <path d="M3 3h8l2 2v8H3ZM5.5 3v3h4V3M5.5 13V9.5h5V13" />
  </Icon>
);
export const DiffIcon = () => (
  <Icon>
    <path d="M8 2.5v5M5.5 5h5M5.5 12.5h5" />
  </Icon>
);
export const GroupIcon = () => (
  <Icon>
    <path d="M3 4.5h10M5.5 8H13M5.5 11.5H13M3 8v3.5" />
  </Icon>
);
export const UpIcon = () => <Icon children={<path d="M8 13V3.5M4 7.25l4-4 4 4" />} />;
export const RegexIcon = () => (
  <Icon>
    <path d="M10.5 3v6M7.9 4.5l5.2 3M13.1 4.5l-5.2 3M3.5 12.5h1.5" />
  </Icon>
);
export const CaseIcon = () => (
  <Icon>
    <path d="m2 12 3-8 3 8M3 9.5h4" />
    <circle cx="11.5" cy="9.75" r="2.25" />
    <path d="M13.75 7.5V12" />
  </Icon>
);
export const SidebarIcon = () => (
  <Icon>
    <rect x="2.5" y="3" width="11" height="10" rx="1.25" />
    <path d="M6.5 3v10" />
  </Icon>
);
export const LayersIcon = () => (
  <Icon>
    <path d="M8 2.5 14 5.5 8 8.5 2 5.5ZM2 8.25l6 3 6-3M2 11l6 3 6-3" />
  </Icon>
);
export const ThumbUpIcon = () => (
  <Icon>
    <path d="M5.25 7.25 8 2.5c1 0 1.75.75 1.5 2l-.4 2h3.15c.8 0 1.35.7 1.2 1.5l-.75 4c-.1.7-.7 1.25-1.4 1.25H5.25M2.75 7.25h2.5v6h-2.5z" />
  </Icon>
);
export const ThumbDownIcon = () => (
  <Icon>
    <path d="M5.25 8.75 8 13.5c1 0 1.75-.75 1.5-2l-.4-2h3.15c.8 0 1.35-.7 1.2-1.5l-.75-4c-.1-.7-.7-1.25-1.4-1.25H5.25M2.75 8.75h2.5v-6h-2.5z" />
  </Icon>
);
export const UndoIcon = () => (
  <Icon>
    <path d="M6 3.5 3 6.5l3 3M3.25 6.5h6a3.25 3.25 0 0 1 0 6.5H6.5" />
  </Icon>
);
